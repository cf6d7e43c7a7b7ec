import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { heartbeating } from '../../../activities/heartbeat.ts';
import { anActivity } from '../../support/activity.ts';

/** Half of the shortest heartbeat timeout that workflows/steps.ts gives. */
const IN_TIME_MS = 15_000;
const LATER_MS = 600_000;

/** An activity that waits for `work`. */
function startWork(context: TestContext) {
  context.mock.timers.enable({ apis: ['setInterval'] });
  const work = Promise.withResolvers<string>();
  const activity = anActivity();
  let heartbeats = 0;
  activity.on('heartbeat', () => (heartbeats += 1));
  const end = activity.run(() => heartbeating(work.promise));
  const heartbeatsIn = async (ms: number) => {
    const before = heartbeats;
    // A timer that is mocked runs in the context of its tick.
    await activity.run(() => Promise.resolve(context.mock.timers.tick(ms)));
    return heartbeats - before;
  };
  return { work, activity, end, heartbeatsIn };
}

test('an activity sends heartbeats in time for as long as its work lasts', async (context) => {
  const { work, end, heartbeatsIn } = startWork(context);
  for (let round = 0; round < 3; round++) assert.ok((await heartbeatsIn(IN_TIME_MS)) > 0);
  work.resolve('done');
  assert.equal(await end, 'done');
  assert.equal(await heartbeatsIn(LATER_MS), 0);
});

test('an activity whose work fails sends no more heartbeats', async (context) => {
  const { work, end, heartbeatsIn } = startWork(context);
  assert.ok((await heartbeatsIn(IN_TIME_MS)) > 0);
  work.reject(new Error('refused'));
  await assert.rejects(end, /refused/);
  assert.equal(await heartbeatsIn(LATER_MS), 0);
});

test('a cancelled activity goes on until its work has ended', async (context) => {
  const { work, activity, end, heartbeatsIn } = startWork(context);
  activity.cancel();
  assert.ok((await heartbeatsIn(IN_TIME_MS)) > 0);
  work.resolve('done');
  assert.equal(await end, 'done');
});
