import assert from 'node:assert/strict';
import { Client, Connection } from '@temporalio/client';
import { MongoClient } from 'mongodb';
import type { PresentedJob } from '../../api/present.ts';
import type { Bucket } from '../../bucket/bucket.ts';
import { createBucket } from '../../bucket/bucket.ts';
import { logObjectOf, outputObjectOf, recordObjectOf, spoolObjectOf } from '../../bucket/objects.ts';
import { readRecord } from '../../bucket/records.ts';
import { createCluster } from '../../cluster/client.ts';
import { createStore } from '../../store/store.ts';
import type { Job } from '../../workflows/contract.ts';
import { workflowIdOf } from '../../workflows/names.ts';
import { ownDataConverter } from './data-converter.ts';
import { required } from './environment.ts';
import { stackKubeConfig } from './kube-config.ts';

/** The cluster, the bucket, Temporal and MongoDB, looked at from outside once a job has ended. */

/** Asserts that all four agree on the end of `job`, and that nothing of it is left where nothing should be. */
export async function assertWorldAfter(job: PresentedJob): Promise<void> {
  await Promise.all([assertClusterIsEmpty(job), assertBucketIsClean(job), assertMirrorEqualsWorkflow(job)]);
}

/** No Job, pod or claim of the job is on the cluster. */
async function assertClusterIsEmpty(job: PresentedJob): Promise<void> {
  assert.deepEqual(await clusterObjectsOf(job), []);
}

/** Kind and name of everything that the cluster has of the job. */
export async function clusterObjectsOf(job: Pick<PresentedJob, 'id' | 'name'>): Promise<string[]> {
  const namespace = required('KUBERNETES_NAMESPACE');
  const cluster = createCluster(stackKubeConfig(), namespace);
  const objects = await cluster.listObjects(job);
  return objects.map(({ kind, name }) => `${kind} ${name}`).sort();
}

/** No spooled input, no unpublished output; the output is there exactly when the job tells of one. */
async function assertBucketIsClean({ id, name, status, output }: PresentedJob): Promise<void> {
  const bucket = testBucket();
  assert.deepEqual(await bucket.list(spoolObjectOf(id)), []);
  assert.deepEqual(await bucket.list(`attempts/${name}/`), []);
  const stored = await bucket.stat(outputObjectOf(name));
  assert.equal(stored !== undefined, output !== undefined);
  if (status === 'succeeded') assert.equal(output?.complete, true);
}

/** The bucket holds the logs that the job tells of, and no other nor a piece of one. */
async function assertLogsAreTold({ name, logObjects = {}, attempts = [] }: Job): Promise<void> {
  const bucket = testBucket();
  const taskLog = await bucket.stat(logObjectOf(name, 'task'));
  const stored = [...(await bucket.list(`logs/${name}/`)), ...(taskLog ? [taskLog.object] : [])];
  const told = [logObjects, ...attempts.map((attempt) => attempt.logObjects ?? {})].flatMap((logs) =>
    Object.values(logs),
  );
  assert.deepEqual(stored.sort(), told.sort());
}

/** The bucket of the stack. */
export function testBucket(): Bucket {
  return createBucket({ bucketName: required('GC_BUCKET_NAME'), apiEndpoint: required('GC_API_ENDPOINT') });
}

/**
 * The workflow is closed, and MongoDB and the bucket hold word for word what it returned. One that was ended by force returned nothing:
 * then both hold the same end.
 */
async function assertMirrorEqualsWorkflow({ id, name, status }: PresentedJob): Promise<void> {
  const connection = await Connection.connect({ address: required('TEMPORAL_ADDRESS') });
  const store = await createStore({ uri: required('MONGODB_URI'), database: required('MONGODB_DATABASE') });
  try {
    const { workflow } = new Client({
      connection,
      namespace: required('TEMPORAL_NAMESPACE'),
      dataConverter: ownDataConverter(),
    });
    const handle = workflow.getHandle(workflowIdOf(name));
    const isTerminated = (await handle.describe()).status.name === 'TERMINATED';
    const recorded = await readRecord(testBucket(), recordObjectOf(id));
    const result = isTerminated ? recorded : ((await handle.result()) as Job);
    assert.equal((await handle.describe()).status.name, isTerminated ? 'TERMINATED' : 'COMPLETED');
    assert.equal(result.status, status);
    assert.deepEqual(await store.find(id), result);
    assert.deepEqual(recorded, result);
    await assertLogsAreTold(result);
  } finally {
    await Promise.all([connection.close(), store.close()]);
  }
}

/** All that MongoDB has of the service, as text that can be searched. */
export async function wholeDatabase(): Promise<string> {
  const client = await MongoClient.connect(required('MONGODB_URI'));
  const collections = await client.db(required('MONGODB_DATABASE')).collections();
  const documents = await Promise.all(collections.map((collection) => collection.find().toArray()));
  await client.close();
  return JSON.stringify(documents);
}
