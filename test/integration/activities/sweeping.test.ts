import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { test } from 'node:test';
import { Connection, WorkflowClient } from '@temporalio/client';
import { createSweep } from '../../../activities/sweep.ts';
import { spoolObjectOf } from '../../../bucket/objects.ts';
import { INSTANCE_LABEL, labelsOf, MANAGED_BY, MANAGED_BY_LABEL } from '../../../cluster/names.ts';
import { aRef, createLeavings, leavingsOf, createWorkflows } from '../../support/reconciling.ts';

const NO_GRACE = { graceMs: 0 };

test('what is left of jobs that have ended or never were is removed; what an open one has, or is none of ours, stays', async (context) => {
  const leavings = await createLeavings(context);
  const { client, openJob, endJob } = await createWorkflows(context);
  const [unknown, ended, open] = [aRef(), aRef(), aRef()];
  await endJob(await openJob(ended));
  await openJob(open);
  await Promise.all([unknown, ended, open].map((ref) => leavings.leave(ref)));
  await leavings.putOnCluster('unlabelled', {});
  await leavings.putOnCluster('labelled-by-another', { labels: { [MANAGED_BY_LABEL]: MANAGED_BY } });
  await leavings.putInBucket('a-input.zip', 'a-output.zip', 'logs/a/input.txt', 'records/a.json', 'spool/readme.txt');
  const gone = [unknown, ended].flatMap(leavingsOf);
  const expected = (await leavings.names()).filter((name) => !gone.includes(name));

  const swept = await createSweep({ ...leavings, workflows: client.workflow, ...NO_GRACE })(Date.now());
  const removed = Object.entries(swept.removed).map(([kind, names]) => [kind, names.length]);
  assert.deepEqual(Object.fromEntries(removed), {
    ...{ Job: 2, Pod: 2, PersistentVolumeClaim: 2, SpooledInput: 2, UnpublishedOutput: 2 },
  });
  assert.deepEqual([swept.left, swept.refused, swept.stuck], [0, [], []]);
  while ((await leavings.names()).some((name) => gone.includes(name))) await delay(100);
  assert.deepEqual(await leavings.names(), expected);
  for (const name of leavingsOf(open)) assert.ok(expected.includes(name), name);
});

test('nothing is removed before the grace is over', async (context) => {
  const [leavings, { client }] = [await createLeavings(context), await createWorkflows(context)];
  const ref = aRef();
  await leavings.leave(ref);
  const swept = await createSweep({ ...leavings, workflows: client.workflow, graceMs: 60_000 })(Date.now());
  const nothing = { count: 0, names: [] };
  assert.deepEqual(swept, { removed: {}, left: 0, refused: [], stuck: [], foreign: nothing });
  assert.deepEqual(await leavings.names(), leavingsOf(ref).sort());
});

test('ages are judged by the time that is given, whatever the clock of the machine says', async (context) => {
  const [leavings, { client }] = [await createLeavings(context), await createWorkflows(context)];
  const ref = aRef();
  await leavings.leave(ref);
  const sweep = createSweep({ ...leavings, workflows: client.workflow, graceMs: 60_000 });
  assert.deepEqual((await sweep(Date.now() - 3_600_000)).removed, {});
  assert.notDeepEqual((await sweep(Date.now() + 3_600_000)).removed, {});
});

test('nothing is removed while Temporal is away', async (context) => {
  const leavings = await createLeavings(context);
  const ref = aRef();
  await leavings.leave(ref);
  const connection = Connection.lazy({ address: '127.0.0.1:9' });
  const workflows = new WorkflowClient({ connection });
  const sweep = createSweep({ ...leavings, workflows, ...NO_GRACE });
  await assert.rejects(connection.withDeadline(Date.now() + 2_000, () => sweep(Date.now())));
  assert.deepEqual(await leavings.names(), leavingsOf(ref).sort());
});

test('what a job with an open workflow has on the cluster stays, though the list of workflows lacks it', async (context) => {
  const leavings = await createLeavings(context);
  const { client, openJob } = await createWorkflows(context);
  const ref = aRef();
  await openJob(ref);
  await leavings.leave(ref);
  const { workflow } = client;
  const workflows: Pick<WorkflowClient, 'list' | 'getHandle'> = {
    list: (options) => workflow.list({ ...options, query: `${options?.query} AND WorkflowId = 'none'` }),
    getHandle: (...args) => workflow.getHandle(...args),
  };
  const swept = await createSweep({ ...leavings, workflows, ...NO_GRACE })(Date.now());
  assert.deepEqual(Object.keys(swept.removed), ['SpooledInput']);
  assert.equal(swept.left, 4);
  assert.deepEqual(
    await leavings.names(),
    leavingsOf(ref)
      .filter((name) => name !== spoolObjectOf(ref.id))
      .sort(),
  );
});

test('what does not go is named with who holds it, and is not deleted again', async (context) => {
  const [leavings, { client }] = [await createLeavings(context), await createWorkflows(context)];
  const ref = aRef();
  const finalizers = ['test.example/held'];
  await leavings.putOnCluster(ref.name, {
    labels: { ...labelsOf(ref, 'task'), [INSTANCE_LABEL]: leavings.instance },
    finalizers,
  });
  context.after(() => leavings.release());
  const sweep = createSweep({ ...leavings, workflows: client.workflow, ...NO_GRACE });
  assert.deepEqual(Object.keys((await sweep(Date.now())).removed), ['Job', 'Pod', 'PersistentVolumeClaim']);
  await delay(1_000);
  const again = await sweep(Date.now());
  assert.deepEqual(again.removed, {});
  assert.deepEqual(
    again.stuck.map(({ kind, name }) => [kind, name]),
    ['Job', 'Pod', 'PersistentVolumeClaim'].map((kind) => [kind, ref.name]),
  );
  for (const { finalizers: holders } of again.stuck) assert.ok(holders.includes('test.example/held'));
});

test('what another deployment has left in the same namespace and bucket stays, and is told of', async (context) => {
  const [leavings, { client }] = [await createLeavings(context), await createWorkflows(context)];
  const [ours, theirs] = [aRef(), aRef()];
  await leavings.leave(ours);
  await leavings.leave(theirs, 'another-deployment');
  const sweep = createSweep({ ...leavings, workflows: client.workflow, ...NO_GRACE });
  const swept = await sweep(Date.now());
  assert.deepEqual(Object.values(swept.removed).flat().length, leavingsOf(ours).length);
  assert.equal(swept.foreign.count, leavingsOf(theirs).length);
  for (const name of [theirs.name, spoolObjectOf(theirs.id)]) {
    assert.ok(swept.foreign.names.some((told) => told.endsWith(` ${name}`)));
  }
  while ((await leavings.names()).length > leavingsOf(theirs).length) await delay(100);
  assert.deepEqual(await leavings.names(), leavingsOf(theirs).sort());
  const theirSweep = createSweep({
    ...{ ...leavings, instance: 'another-deployment', workflows: client.workflow },
    ...NO_GRACE,
  });
  assert.equal(Object.values((await theirSweep(Date.now())).removed).flat().length, leavingsOf(theirs).length);
});

test('a run removes about a hundred things, and the next goes on', async (context) => {
  const [leavings, { client }] = [await createLeavings(context), await createWorkflows(context)];
  await leavings.putInBucket(...Array.from({ length: 120 }, () => spoolObjectOf(aRef().id)));
  const sweep = createSweep({ ...leavings, workflows: client.workflow, ...NO_GRACE });
  const first = await sweep(Date.now());
  assert.deepEqual([first.removed.SpooledInput?.length, first.left], [100, 20]);
  const second = await sweep(Date.now());
  assert.deepEqual([second.removed.SpooledInput?.length, second.left], [20, 0]);
  assert.deepEqual(await leavings.names(), []);
});
