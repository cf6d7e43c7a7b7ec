import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { ActivityCancellationDetails, CancelledFailure } from '@temporalio/common';
import { createDelete } from '../../../activities/delete.ts';
import type { ActivityDeps } from '../../../activities/deps.ts';
import { createLogs } from '../../../activities/logs.ts';
import { createStop } from '../../../activities/stop.ts';
import type { Cluster } from '../../../cluster/client.ts';
import type { ObjectRef } from '../../../cluster/remains.ts';
import { createHandOver } from '../../../worker/hand-over.ts';
import { anActivity } from '../../support/activity.ts';
import { aRequest } from '../../support/objects.ts';

const SHUTDOWN = new ActivityCancellationDetails({ workerShutdown: true });
const { signal: running } = new AbortController();
const { name, id } = aRequest();
const ref = { name, id };

/** Steps that wait for `until`: a node that does not give a log, a cluster that does not delete a Job. */
function waitingSteps(until: Promise<void>) {
  const readLog = () => until.then(() => Promise.reject(new Error('no log')));
  const bucket = { stat: () => Promise.resolve(undefined) } as unknown as ActivityDeps['bucket'];
  const cluster = {
    async *followObjects(): AsyncGenerator<readonly ObjectRef[]> {
      yield [{ kind: 'Job', name, uid: 'uid' }];
      await until;
      yield [];
    },
    deleteObject: () => Promise.resolve(),
  } as unknown as Cluster;
  const deps = { cluster, bucket, readLog, readStampedLog: readLog };
  return {
    delete: () => createDelete(deps)(ref),
    logs: () => createLogs(deps)(ref, 'task', 'pod', ['task']),
    stop: () => createStop(deps)(ref, 'task', 'pod', ['task']),
  };
}

/** None of them is left to this process. */
function mockTimers(context: TestContext): void {
  context.mock.timers.enable({ apis: ['setInterval', 'setTimeout'] });
}

for (const step of ['delete', 'logs', 'stop'] as const) {
  test(`the step \`${step}\` that waits ends as cancelled when the worker shuts down`, async (context) => {
    mockTimers(context);
    const activity = anActivity({}, createHandOver(running));
    const end = activity.run(waitingSteps(new Promise(() => undefined))[step]);
    activity.cancel('WORKER_SHUTDOWN', SHUTDOWN);
    await assert.rejects(end, CancelledFailure);
  });
}

test('a kill does not cancel a step that waits', async (context) => {
  mockTimers(context);
  const deletion = Promise.withResolvers<void>();
  const activity = anActivity({}, createHandOver(running));
  const end = activity.run(waitingSteps(deletion.promise).delete);
  activity.cancel();
  deletion.resolve();
  assert.equal(await end, undefined);
});

test('a local activity fails five seconds after the worker is stopped', async (context) => {
  mockTimers(context);
  const stop = new AbortController();
  const end = anActivity({ isLocal: true }, createHandOver(stop.signal)).run(() => new Promise(() => undefined));
  stop.abort();
  const first = Promise.race([end, Promise.resolve('waits')]);
  context.mock.timers.tick(4_999);
  assert.equal(await first, 'waits');
  context.mock.timers.tick(1);
  await assert.rejects(end, /the worker is stopped/);
});

test('a local activity that ends within five seconds after the stop keeps its result', async (context) => {
  mockTimers(context);
  const work = Promise.withResolvers<string>();
  const end = anActivity({ isLocal: true }, createHandOver(AbortSignal.abort())).run(() => work.promise);
  context.mock.timers.tick(4_999);
  work.resolve('done');
  assert.equal(await end, 'done');
});
