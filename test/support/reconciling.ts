import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import type { TestContext } from 'node:test';
import { BatchV1Api, CoreV1Api } from '@kubernetes/client-node';
import type { V1ObjectMeta } from '@kubernetes/client-node';
import { Client, Connection } from '@temporalio/client';
import type { WorkflowHandle } from '@temporalio/client';
import { listOpenJobs } from '../../activities/open-jobs.ts';
import { createBucket } from '../../bucket/bucket.ts';
import type { Bucket } from '../../bucket/bucket.ts';
import { attemptObjectOf, spoolObjectOf } from '../../bucket/objects.ts';
import { createCluster } from '../../cluster/client.ts';
import type { Cluster } from '../../cluster/client.ts';
import { INSTANCE_LABEL, labelsOf } from '../../cluster/names.ts';
import { BATCH_JOB_WORKFLOW, TASK_QUEUE, workflowIdOf } from '../../workflows/names.ts';
import type { JobRef } from '../../workflows/observation.ts';
import { required } from './environment.ts';
import { stackKubeConfig } from './kube-config.ts';
import { createTestBucket } from './gcs.ts';
import { aName } from './job-client.ts';
import { aRequest } from './objects.ts';
import { kubectl } from './operator.ts';

/** A namespace and a bucket that no other test uses, to leave things in. */
export interface Leavings {
  readonly cluster: Cluster;
  readonly bucket: Bucket;
  /** The deployment that leaves them. */
  readonly instance: string;
  /** Makes a Job, a pod and a claim of this name; nothing runs in them. */
  putOnCluster(name: string, more: Pick<V1ObjectMeta, 'labels' | 'finalizers'>): Promise<void>;
  putInBucket(...objects: readonly string[]): Promise<void>;
  /** Leaves all that a job may leave, as this deployment or another. */
  readonly leave: (ref: JobRef, as?: string) => Promise<void>;
  /** Names of all Jobs, pods, claims and objects that are there, with any label or none. */
  names(): Promise<string[]>;
  /** Takes the finalizers of everything on the cluster away. */
  release(): Promise<void>;
}

/** The namespace is removed when the test ends. */
export async function createLeavings(context: TestContext): Promise<Leavings> {
  const [namespace, instance] = [aName('left'), randomUUID()];
  const { bucket, options } = await createTestBucket({ instance: () => Promise.resolve(instance) });
  await kubectl('create', 'namespace', namespace);
  context.after(() => kubectl('delete', 'namespace', namespace, '--wait=false'));
  const kubeConfig = stackKubeConfig(namespace);
  const [core, batch] = [kubeConfig.makeApiClient(CoreV1Api), kubeConfig.makeApiClient(BatchV1Api)];

  const putOnCluster: Leavings['putOnCluster'] = async (name, more) => {
    const metadata = { name, ...more };
    const spec = { restartPolicy: 'Never', containers: [{ name: 'task', image: required('IMAGE_BUSYBOX') }] };
    const pod = { ...spec, schedulingGates: [{ name: 'test/never' }], automountServiceAccountToken: false };
    const claim = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } };
    await Promise.all([
      batch.createNamespacedJob({ namespace, body: { metadata, spec: { suspend: true, template: { spec } } } }),
      core.createNamespacedPod({ namespace, body: { metadata, spec: pod } }),
      core.createNamespacedPersistentVolumeClaim({ namespace, body: { metadata, spec: claim } }),
    ]);
  };
  const putInBucket: Leavings['putInBucket'] = async (...objects) => {
    for (const object of objects) await put(bucket, object);
  };
  return {
    ...{ cluster: createCluster(kubeConfig, namespace), bucket, instance, putOnCluster, putInBucket },
    leave: async (ref, as = instance) => {
      await putOnCluster(ref.name, { labels: { ...labelsOf(ref, 'task'), [INSTANCE_LABEL]: as } });
      const theirs = createBucket({ ...options, instance: () => Promise.resolve(as) });
      for (const object of [spoolObjectOf(ref.id), attemptObjectOf(ref)]) await put(theirs, object);
    },
    names: async () => [...(await listNames(namespace)), ...(await bucket.list(''))].sort(),
    release: async () => {
      const patch = ['--type', 'merge', '--patch', '{"metadata":{"finalizers":null}}'];
      for (const name of await listNames(namespace)) await kubectl('patch', name, '--namespace', namespace, ...patch);
    },
  };
}

async function put(bucket: Bucket, object: string): Promise<void> {
  await bucket.write(object, Readable.from([Buffer.from('zip')]));
}

async function listNames(namespace: string): Promise<string[]> {
  const kinds = 'jobs,pods,persistentvolumeclaims';
  const listed = await kubectl('get', kinds, '--namespace', namespace, '--output', 'name');
  return listed.split('\n').filter((line) => line !== '');
}

/** A job that no other test has, to leave things of, as {@link Leavings.leave} leaves it. */
export function aRef(): JobRef {
  return { id: randomUUID(), name: aName('thing') };
}

/** What {@link Leavings.leave} leaves of a job, as {@link Leavings.names} tells it. */
export function leavingsOf({ id, name }: JobRef): string[] {
  const onCluster = ['job.batch', 'pod', 'persistentvolumeclaim'].map((kind) => `${kind}/${name}`);
  return [...onCluster, spoolObjectOf(id), attemptObjectOf({ id, name })];
}

/** The Temporal of the stack, and jobs whose workflows a test opens. */
export interface Workflows {
  readonly client: Client;
  /** Opens the job's workflow until the test ends. Nobody works on it, as its start is far away. Resolves when it is listed. */
  readonly openJob: (ref: JobRef) => Promise<WorkflowHandle>;
  /** Ends it by force. Resolves when it is listed as open no more. */
  readonly endJob: (handle: WorkflowHandle) => Promise<void>;
}

/** All that was opened is terminated when the test ends. */
export async function createWorkflows(context: TestContext): Promise<Workflows> {
  const connection = await Connection.connect({ address: required('TEMPORAL_ADDRESS') });
  const client = new Client({ connection });
  const opened: WorkflowHandle[] = [];
  context.after(async () => {
    await Promise.allSettled(opened.map((handle) => handle.terminate()));
    await connection.close();
  });
  return {
    client,
    openJob: async (ref) => {
      const handle = await openJob(client, ref);
      opened.push(handle);
      return handle;
    },
    endJob: async (handle) => {
      await handle.terminate();
      while (await isListed(client, handle.workflowId)) await delay(50);
    },
  };
}

async function openJob({ workflow }: Pick<Client, 'workflow'>, { id, name }: JobRef): Promise<WorkflowHandle> {
  const workflowId = workflowIdOf(name);
  const handle = await workflow.start(BATCH_JOB_WORKFLOW, {
    workflowId,
    taskQueue: TASK_QUEUE,
    args: [aRequest({ id, name })],
    memo: { jobId: id, inputObject: spoolObjectOf(id) },
    startDelay: '1 hour',
  });
  while (!(await isListed({ workflow }, workflowId))) await delay(50);
  return handle;
}

async function isListed({ workflow }: Pick<Client, 'workflow'>, workflowId: string): Promise<boolean> {
  return (await listOpenJobs(workflow)).some((open) => open.workflowId === workflowId);
}
