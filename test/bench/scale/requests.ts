import { kubectl } from '../../support/operator.ts';
import type { Closing } from '../../support/scope.ts';
import { runTool } from '../../support/tools.ts';
import { writeTemporary } from './temporary-file.ts';

/** Ahead of all flows but those that nothing may hold back. */
const PRECEDENCE = 20;

/** Counts requests of service accounts to the API server. */
export interface RequestCounter {
  /** So far, leases among them, but no watches; logs when they end. */
  count(): Promise<number>;
}

/**
 * Makes a flow of its own of what the accounts of `namespace` ask: the API server counts each flow by itself, so that nothing need
 * stand between. Nobody is held back by it.
 */
export async function countRequestsOf(scope: Closing, namespace: string): Promise<RequestCounter> {
  const file = await writeTemporary(scope, 'flow.json', JSON.stringify(flowOf(namespace)));
  await runTool('kubectl', 'apply', '--filename', file);
  scope.after(() => runTool('kubectl', 'delete', 'flowschema', namespace));
  return {
    async count() {
      const metrics = await kubectl('get', '--raw', '/metrics');
      return dispatchedIn(metrics, namespace) + logsIn(metrics);
    },
  };
}

/** Requests of the flow `name` in the metrics of an API server. Pure. */
export function dispatchedIn(metrics: string, name: string): number {
  return sumOf(metrics, 'apiserver_flowcontrol_dispatched_requests_total{', `flow_schema="${name}"`);
}

/** Requests for logs, whoever made them: as they last they belong to no flow. Pure. */
export function logsIn(metrics: string): number {
  return sumOf(metrics, 'apiserver_request_total{', 'subresource="log"');
}

function sumOf(metrics: string, name: string, label: string): number {
  return metrics
    .split('\n')
    .filter((line) => line.startsWith(name) && line.includes(label))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
}

function flowOf(namespace: string): unknown {
  const everything = { verbs: ['*'], apiGroups: ['*'], resources: ['*'], namespaces: ['*'], clusterScope: true };
  return {
    apiVersion: 'flowcontrol.apiserver.k8s.io/v1',
    kind: 'FlowSchema',
    metadata: { name: namespace },
    spec: {
      matchingPrecedence: PRECEDENCE,
      priorityLevelConfiguration: { name: 'exempt' },
      rules: [
        {
          subjects: [{ kind: 'ServiceAccount', serviceAccount: { name: '*', namespace: `${namespace}-service` } }],
          resourceRules: [everything],
          nonResourceRules: [{ verbs: ['*'], nonResourceURLs: ['*'] }],
        },
      ],
    },
  };
}
