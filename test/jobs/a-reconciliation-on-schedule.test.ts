import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { test } from 'node:test';
import { Client, ScheduleNotFoundError, ScheduleOverlapPolicy } from '@temporalio/client';
import type { ScheduleHandle } from '@temporalio/client';
import { spoolObjectOf } from '../../bucket/objects.ts';
import { scheduleReconciliation } from '../../worker/schedule.ts';
import { RECONCILE, TASK_QUEUE } from '../../workflows/names.ts';
import { aName } from '../support/job-client.ts';
import { openClient, reconcileNow } from '../support/reconciliation.ts';
import { testBucket } from '../support/world.ts';

/** The server knows the namespace, and no schedule in it. */
async function isUnknown(schedule: ScheduleHandle): Promise<boolean> {
  const reason: unknown = await schedule.describe().catch((error: unknown) => error);
  return reason instanceof ScheduleNotFoundError;
}

test('a worker that has started lets Temporal reconcile, and what is young stays', async (context) => {
  const client = await openClient(context);
  const schedule = client.schedule.getHandle(RECONCILE);
  const { spec, policies, action } = await schedule.describe();
  assert.deepEqual(
    spec.intervals?.map(({ every }) => every),
    [600_000],
  );
  assert.equal(policies.overlap, ScheduleOverlapPolicy.SKIP);
  assert.deepEqual([action.workflowType, action.taskQueue], ['reconcile', TASK_QUEUE]);

  const young = spoolObjectOf(randomUUID());
  await testBucket().write(young, Readable.from([Buffer.from('zip')]));
  context.after(() => testBucket().remove(young));
  const { removed, refused, healed } = await reconcileNow(client);
  assert.equal(typeof healed, 'number');
  assert.deepEqual([removed.SpooledInput, refused], [undefined, []]);
  assert.deepEqual(await testBucket().list(young), [young]);
});

test('workers that start at one time, with another interval, make one schedule, which stays paused', async (context) => {
  // In a Temporal namespace of its own, so that the schedule of the stack is left alone.
  const namespace = aName('schedules');
  const { connection } = await openClient(context);
  await connection.workflowService.registerNamespace({
    namespace,
    workflowExecutionRetentionPeriod: { seconds: 86_400 as never },
  });
  const { schedule } = new Client({ connection, namespace });
  const handle = schedule.getHandle(RECONCILE);
  while (!(await isUnknown(handle))) await delay(200);

  await Promise.all([1, 2, 3].map(() => scheduleReconciliation(schedule, 60_000)));
  await handle.pause();
  // Temporal takes a pause, and does it a little later.
  while (!(await handle.describe()).state.paused) await delay(200);
  // Those that came second changed nothing: an update that is under way would undo a pause.
  assert.equal((await handle.describe()).info.lastUpdatedAt, undefined);
  await scheduleReconciliation(schedule, 120_000);
  while ((await handle.describe()).spec.intervals?.[0]?.every !== 120_000) await delay(200);
  assert.equal((await handle.describe()).state.paused, true);
  await handle.delete();
});
