import { setTimeout as delay } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import type { WorkflowHandle } from '@temporalio/client';
import { answers, becomesTrue } from '../../deploy/local/ready.ts';
import { workflowIdOf } from '../../workflows/names.ts';
import { startApiProcess } from './api-process.ts';
import { ownDataConverter } from './data-converter.ts';
import { required } from './environment.ts';
import { createTestBucket } from './gcs.ts';
import { aName } from './job-client.ts';
import { kubectl } from './operator.ts';
import type { Closing } from './scope.ts';
import { runTool } from './tools.ts';

const READY_MS = 60_000;

/** What a test that starts workers of its own asks Temporal. */
export interface OwnService {
  readonly client: Client;
  readonly apiPid: number;
  /** All that the API has written so far. */
  readonly apiLines: readonly string[];
  /** The workflow of a job of this name. */
  readonly workflowOf: (job: { readonly name: string }) => WorkflowHandle;
}

/** Is given the namespace of the jobs before the service starts. What it returns comes on top of the API's environment. */
export type Prepare = (namespace: string) => Promise<Readonly<Record<string, string>>>;

/**
 * Starts an API beside that of the stack, with namespaces, a bucket and a database of its own, until the test ends; its jobs wait for
 * workers. From then on this process's environment, by which all helpers go, is that of this service.
 */
export async function startOwnService(
  context: Closing,
  prepare: Prepare = () => Promise.resolve({}),
): Promise<OwnService> {
  const [namespace, { options }] = await Promise.all([createNamespaces(context), createTestBucket()]);
  Object.assign(process.env, {
    TEMPORAL_NAMESPACE: namespace,
    KUBERNETES_NAMESPACE: namespace,
    GC_BUCKET_NAME: options.bucketName,
    MONGODB_DATABASE: namespace,
    // Temporal is new: its first answers may be slow.
    API_START_WAIT: '60',
  });
  const connection = await Connection.connect({ address: required('TEMPORAL_ADDRESS') });
  context.after(() => connection.close());
  const client = new Client({ connection, namespace, dataConverter: ownDataConverter() });
  const api = await startApiProcess(context, await prepare(namespace));
  process.env['API_URL'] = api.url;
  await untilReady(api.url);
  const workflowOf: OwnService['workflowOf'] = ({ name }) => client.workflow.getHandle(workflowIdOf(name));
  return { client, apiPid: api.pid, apiLines: api.lines, workflowOf };
}

/** The first connections of a new process take their time on a busy machine: until then it answers 503, as it should. */
async function untilReady(url: string): Promise<void> {
  if (!(await becomesTrue(answers(`${url}/readyz`), READY_MS)))
    throw new Error(`the API was not ready within ${READY_MS} ms`);
}

/** One of Temporal and one of the cluster, of the same name. */
async function createNamespaces(context: Closing): Promise<string> {
  const namespace = aName('own');
  await kubectl('create', 'namespace', namespace);
  context.after(() => kubectl('delete', 'namespace', namespace, '--wait=false'));
  await Promise.all([
    kubectl('wait', '--for=create', 'serviceaccount/default', '--namespace', namespace, '--timeout=60s'),
    createTemporalNamespace(namespace),
  ]);
  return namespace;
}

/** Makes one in Temporal, and waits until all of it knows: its own services read the list of namespaces now and then. */
export async function createTemporalNamespace(namespace: string): Promise<void> {
  await runTool('temporal', 'operator', 'namespace', 'create', '--namespace', namespace, '--retention', '24h');
  const knows = () =>
    runTool('temporal', 'workflow', 'list', '--namespace', namespace).then(
      () => true,
      () => false,
    );
  for (const endMs = Date.now() + 60_000; !(await knows()); await delay(200))
    if (Date.now() > endMs) throw new Error(`Temporal does not come to know the namespace ${namespace}`);
}
