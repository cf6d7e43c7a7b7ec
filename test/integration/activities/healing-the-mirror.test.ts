import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { createExamine } from '../../../activities/examine.ts';
import { createHeal } from '../../../activities/heal.ts';
import { listUnfollowed } from '../../../activities/unfollowed.ts';
import { logObjectOf, recordObjectOf } from '../../../bucket/objects.ts';
import { readRecord, writeRecord } from '../../../bucket/records.ts';
import { claimManifest } from '../../../cluster/manifests.ts';
import type { Job } from '../../../workflows/contract.ts';
import { testCluster } from '../../support/cluster.ts';
import { createTestBucket } from '../../support/gcs.ts';
import { aJob, aSucceededJob } from '../../support/job-builder.ts';
import { openStore } from '../../support/open-store.ts';
import { aRef, createWorkflows } from '../../support/reconciling.ts';
import { startJob } from '../../support/temporal.ts';

/** A mirror, a bucket and a namespace of the test's own, and the Temporal of the stack. */
async function openDeps(context: TestContext) {
  const [{ client, openJob, endJob }, { bucket }, store] = [
    await createWorkflows(context),
    await createTestBucket(),
    await openStore(context),
  ];
  const { cluster, ref } = testCluster(context);
  return {
    workflows: client.workflow,
    bucket,
    store,
    cluster,
    ref,
    graceMs: 60_000,
    inFlight: undefined,
    openJob,
    endJob,
  };
}

/** What the mirror has of a job that goes on. */
function mirrored({ id, name }: Pick<Job, 'id' | 'name'>, created = Date.now()): Job {
  return aJob({ id, name, created, revision: 1, status: 'running', phase: 'running' });
}

test('a row that missed the end of its workflow gets it', async (context) => {
  const deps = await openDeps(context);
  const { store } = deps;
  const started = await startJob(context);
  await started.called('deploy');
  await started.kill();
  const end = await started.result();
  await store.record(mirrored(end));
  const heal = createHeal(deps);
  assert.equal((await heal(Date.now())).healed, 1);
  assert.deepEqual(await store.find(end.id), end);
  assert.equal((await heal(Date.now())).healed, 0);
});

test('a row whose workflow is forgotten gets the end from the bucket', async (context) => {
  const deps = await openDeps(context);
  const { bucket, store } = deps;
  const end = aSucceededJob();
  await writeRecord(bucket, end);
  await store.record(mirrored(end));
  const { healed, endless } = await createHeal(deps)(Date.now());
  assert.deepEqual([healed, endless], [1, []]);
  assert.deepEqual(await store.find(end.id), end);
});

test('an end that was recorded under a revision that the mirror has already is told all the same, by bucket and mirror', async (context) => {
  const deps = await openDeps(context);
  const { bucket, store } = deps;
  const end = aSucceededJob();
  await writeRecord(bucket, end);
  await store.record({ ...mirrored(end), revision: end.revision });
  assert.equal((await createHeal(deps)(Date.now())).healed, 1);
  const told = { ...end, revision: end.revision + 1 };
  assert.deepEqual(await store.find(end.id), told);
  assert.deepEqual(await readRecord(bucket, recordObjectOf(end.id)), told);
});

test('a row stays as it is; it is named when its workflow was ended by force, or when nobody knows its end', async (context) => {
  const deps = await openDeps(context);
  const { openJob, endJob, store } = deps;
  const [open, terminated, unknown, unmirrored] = [aRef(), aRef(), aRef(), aRef()];
  await openJob(open);
  for (const ref of [terminated, unmirrored]) await endJob(await openJob(ref));
  const rows = [open, terminated, unknown].map((ref) => mirrored(ref));
  for (const row of rows) await store.record(row);
  const { healed, abandoned, endless } = await createHeal(deps)(Date.now());
  assert.deepEqual([healed, endless], [0, [unknown.id]]);
  // Other tests have ended workflows of theirs, which this mirror does not know either.
  const ours = abandoned.filter(({ id }) => [open, terminated, unknown, unmirrored].some((ref) => ref.id === id));
  assert.deepEqual(ours, [terminated, unmirrored]);
  for (const row of rows) assert.deepEqual(await store.find(row.id), row);
});

test('a row whose workflow is forgotten is named to be ended after the grace, unless something of it is on the cluster', async (context) => {
  const deps = await openDeps(context);
  const { cluster, store, graceMs, ref: held } = deps;
  const [young, old] = [aRef(), aRef()];
  const createdMs = Date.now() - graceMs;
  await cluster.createClaim(held, claimManifest(held, `job-${held.name}-output`, { size: '1Gi' }));
  for (const row of [mirrored(young), mirrored(old, createdMs), mirrored(held, createdMs)]) await store.record(row);
  const { abandoned, endless } = await createHeal(deps)(Date.now());
  assert.deepEqual(abandoned[0], old);
  assert.deepEqual(endless.toSorted(), [young.id, held.id].toSorted());

  const examined = await createExamine(deps)(old);
  assert.deepEqual(examined?.job, await store.find(old.id));
  assert.match(examined?.cause ?? '', /Temporal has forgotten the workflow/);
});

test('a job that is to be ended tells of the logs that the bucket has of it, whoever kept them', async (context) => {
  const deps = await openDeps(context);
  const { bucket, store, graceMs } = deps;
  const ref = aRef();
  await store.record(mirrored(ref, Date.now() - graceMs));
  const object = logObjectOf(ref.name, 'task');
  await bucket.write(object, Readable.from([Buffer.from('said')]));
  assert.deepEqual((await createExamine(deps)(ref))?.job.logObjects, { task: object });
});

test('rows are walked through page by page, each once', async (context) => {
  const { workflows, openJob, store } = await openDeps(context);
  const refs = Array.from({ length: 7 }, aRef);
  for (const ref of refs) await store.record(mirrored(ref));
  await openJob(refs[3] ?? assert.fail());
  const unfollowed = await Array.fromAsync(listUnfollowed({ workflows, store }, 3));
  const seen = unfollowed.flatMap(({ row }) => row?.id ?? []);
  assert.deepEqual(seen.toSorted(), refs.flatMap(({ id }, at) => (at === 3 ? [] : id)).toSorted());
});
