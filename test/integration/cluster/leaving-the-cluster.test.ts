import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { askForDeletion } from '../../../activities/delete.ts';
import { createCluster } from '../../../cluster/client.ts';
import type { Cluster } from '../../../cluster/client.ts';
import { claimManifest } from '../../../cluster/manifests.ts';
import { outputClaimOf } from '../../../cluster/names.ts';
import type { ObjectRef } from '../../../cluster/remains.ts';
import type { JobRole } from '../../../workflows/contract.ts';
import type { JobRef } from '../../../workflows/observation.ts';
import { createClusterGateway } from '../../support/cluster-gateway.ts';
import { deployTask, testCluster } from '../../support/cluster.ts';

const LIMIT_MS = 60_000;

/** What a container has from SIGTERM to SIGKILL. */
const GRACE_MS = 10_000;

/** Follows a job until `isIt` holds of what is left; undefined when the following ends before. */
async function followUntil(
  cluster: Cluster,
  ref: JobRef,
  isIt: (left: readonly ObjectRef[]) => boolean,
): Promise<readonly ObjectRef[] | undefined> {
  for await (const left of cluster.followObjects(ref, undefined, AbortSignal.timeout(LIMIT_MS)))
    if (isIt(left)) return left;
  return undefined;
}

/** The cluster deletes the pods of a Job by itself. */
async function deleteAll(cluster: Cluster, ref: JobRef, role?: JobRole): Promise<void> {
  const objects = await cluster.listObjects(ref, role);
  await askForDeletion(
    cluster,
    objects.filter(({ kind }) => kind !== 'Pod'),
  );
}

const kindsOf = (left: readonly ObjectRef[] = []) => [...new Set(left.map(({ kind }) => kind))].sort();
const isNone = (left: readonly ObjectRef[]) => left.length === 0;
const hasAll = (left: readonly ObjectRef[]) => kindsOf(left).length === 3;

async function deployed(context: TestContext) {
  const made = testCluster(context);
  await deployTask(made, 'trap "exit 0" TERM; sleep 600 & wait');
  return made;
}

test('a job that has nothing is told so at once', async (context) => {
  const { cluster, ref } = testCluster(context);
  assert.deepEqual(await followUntil(cluster, ref, () => true), []);
});

test('what a job gets while it is followed is told: its claim, its Job, and the pod that the cluster makes', async (context) => {
  const made = testCluster(context);
  const seen = followUntil(made.cluster, made.ref, hasAll);
  await deployTask(made, 'true');
  assert.deepEqual(kindsOf(await seen), ['Job', 'PersistentVolumeClaim', 'Pod']);
});

test('all of a job is found by its label and deleted, and nothing of another', async (context) => {
  const [{ cluster, ref }, other] = [await deployed(context), await deployed(context)];
  await followUntil(cluster, ref, hasAll);
  await deleteAll(cluster, ref);
  assert.deepEqual(await followUntil(cluster, ref, isNone), []);
  assert.deepEqual(kindsOf(await followUntil(cluster, other.ref, hasAll)), ['Job', 'PersistentVolumeClaim', 'Pod']);
  await deleteAll(cluster, ref);
});

test('of one role the Job and its pod go, and the claim stays', async (context) => {
  const { cluster, ref } = await deployed(context);
  await followUntil(cluster, ref, hasAll);
  await deleteAll(cluster, ref, 'cleanup');
  assert.equal(hasAll(await cluster.listObjects(ref)), true);
  await deleteAll(cluster, ref, 'task');
  const isClaim = (left: readonly ObjectRef[]) => left.every(({ kind }) => kind === 'PersistentVolumeClaim');
  assert.equal((await followUntil(cluster, ref, isClaim))?.length, 1);
});

test('one attempt of a job goes alone', async (context) => {
  const { cluster, ref } = testCluster(context);
  const second = { ...ref, attempt: 2 };
  for (const each of [ref, second])
    await cluster.createClaim(each, claimManifest(each, outputClaimOf(each), { size: '1Gi' }));
  await deleteAll(cluster, { ...ref, attempt: 1 });
  const left = await followUntil(cluster, ref, ({ length }) => length === 1);
  assert.deepEqual(
    left?.map(({ name }) => name),
    [outputClaimOf(second)],
  );
});

for (const [server, fate, lists] of [
  ['one that sends what exists within the watch', 'pass', 0],
  ['one that does not', 'plain', 3],
] as const) {
  test(`what is left is listed ${lists} times by ${server}`, async (context) => {
    const { cluster, ref, kubeConfig, namespace } = await deployed(context);
    const gateway = await createClusterGateway(context, kubeConfig);
    gateway.decide(fate);
    const there = createCluster(gateway.kubeConfig, namespace);
    await followUntil(there, ref, hasAll);
    await deleteAll(cluster, ref);
    assert.deepEqual(await followUntil(there, ref, isNone), []);
    assert.equal(gateway.asked.filter(({ isWatch }) => !isWatch).length, 2 * lists);
  });
}

test('a pod whose containers have ended is told to linger, until its node has put it away', async (context) => {
  const made = testCluster(context);
  await deployTask(made, 'true');
  const lingering = (left: readonly ObjectRef[]) => left.some(({ lingers }) => lingers);
  assert.ok(await followUntil(made.cluster, made.ref, lingering));
  assert.ok(await followUntil(made.cluster, made.ref, (left) => !lingering(left)));
});

test('for the node of a pod that lingers nobody waits', async (context) => {
  const made = testCluster(context);
  await deployTask(made, 'trap "" TERM; sleep 600');
  const [pod] = (await followUntil(made.cluster, made.ref, hasAll))?.filter(({ kind }) => kind === 'Pod') ?? [];
  assert.ok(pod);
  await deleteAll(made.cluster, made.ref);
  const startedMs = performance.now();
  await made.cluster.deleteObject({ ...pod, lingers: true });
  assert.deepEqual(await followUntil(made.cluster, made.ref, isNone), []);
  assert.ok(performance.now() - startedMs < GRACE_MS);
});

for (const fate of ['close', 'gone'] as const) {
  test(`a following is over when its watch is, and never says that nothing is left: ${fate}`, async (context) => {
    const { cluster, ref, kubeConfig, namespace } = testCluster(context);
    await cluster.createClaim(ref, claimManifest(ref, outputClaimOf(ref), { size: '1Gi' }));
    const gateway = await createClusterGateway(context, kubeConfig);
    gateway.decide(fate);
    const followed = followUntil(createCluster(gateway.kubeConfig, namespace), ref, isNone);
    if (fate === 'close') assert.equal(await followed, undefined);
    else await assert.rejects(followed);
  });
}
