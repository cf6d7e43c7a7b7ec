import type { ServerResponse } from 'node:http';
import type { TestContext } from 'node:test';
import { KubeConfig } from '@kubernetes/client-node';
import { openClusterGate } from './cluster.ts';
import { ANSWERERS, isWatch } from './http-faults.ts';
import type { Answerer } from './http-gate.ts';

/**
 * What becomes of a watch. `swallow`: nothing of it comes, and no error either. `gone`: 410 as HTTP status. `too-old`: 410 as an event; a
 * young API server has forgotten no version, so that the gateway sends it. `close`: it ends at once. `plain`: it passes unless it asks
 * for what exists first, as servers before Kubernetes 1.32 have it.
 */
type WatchFate = 'pass' | 'swallow' | 'gone' | 'too-old' | 'close' | 'plain';

/** A way to the real API server by plain HTTP, on which a test decides about the watches. All else passes. */
export interface ClusterGateway {
  readonly kubeConfig: KubeConfig;
  /** Ends the watches that are open, and decides about those to come. */
  decide(fate: WatchFate): void;
  /** Whether each GET so far was a watch. */
  readonly asked: { readonly isWatch: boolean }[];
}

/** Stands between a client and the API server until the test ends. */
export async function createClusterGateway(context: TestContext, target: KubeConfig): Promise<ClusterGateway> {
  const gate = await openClusterGate(target);
  context.after(() => gate.close());
  const asked: ClusterGateway['asked'] = [];
  let fate: WatchFate = 'pass';
  gate.answerBy((incoming, outgoing) => {
    if (incoming.method === 'GET') asked.push({ isWatch: isWatch(incoming) });
    return isWatch(incoming) && FATES[fate](incoming, outgoing);
  });
  return {
    kubeConfig: plainConfig(gate.port),
    asked,
    decide(next) {
      fate = next;
      gate.endAnswers(isWatch);
    },
  };
}

const FATES: Readonly<Record<WatchFate, Answerer>> = {
  pass: () => false,
  swallow: (_incoming, outgoing) => begin(outgoing) !== undefined,
  gone: ANSWERERS['answering 410 to watches'],
  'too-old': ANSWERERS['ending watches by 410'],
  close: (_incoming, outgoing) => begin(outgoing).end() !== undefined,
  plain: (incoming, outgoing) => incoming.url?.includes('sendInitialEvents') === true && refuse(outgoing),
};

function refuse(outgoing: ServerResponse): boolean {
  outgoing.writeHead(422, { 'content-type': 'application/json' }).end('{"kind":"Status","code":422}');
  return true;
}

function begin(outgoing: ServerResponse): ServerResponse {
  outgoing.writeHead(200, { 'content-type': 'application/json' }).flushHeaders();
  return outgoing;
}

function plainConfig(port: number): KubeConfig {
  const config = new KubeConfig();
  // The client refuses plain HTTP unless it need not verify anything.
  const server = { name: 'gateway', server: `http://127.0.0.1:${port}`, skipTLSVerify: true };
  config.loadFromClusterAndUser(server, { name: 'nobody' });
  return config;
}
