import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, test } from 'node:test';
import { LEAVE_SIGNAL } from '../../workflows/names.ts';
import { aRequest } from '../support/objects.ts';
import { soon, startQueue } from '../support/queueing.ts';
import type { TestQueue } from '../support/queueing.ts';
import { startJob } from '../support/temporal.ts';
import { skippingEnvironment } from '../support/temporal-environment.ts';

const SKIPPING = { open: skippingEnvironment };

/** Until a job that waits has asked for its turn once more. */
const UNTIL_ASKING_AGAIN_MS = 10 * aRequest().synchronizationIntervalMs + 1_000;

/** Asks again after half a second. */
const IMPATIENT = { synchronizationIntervalMs: 50 };

const deployed = ({ deployed: names }: TestQueue) => names.map((name) => name.split('-', 1)[0]);

async function untilDeployed(queue: TestQueue, ...names: readonly string[]): Promise<void> {
  await soon(() => queue.deployed.length >= names.length, 30_000);
  assert.deepEqual(deployed(queue), names);
}

// Side by side, as each test has a queue of its own.
describe('a queue of jobs', { concurrency: 2 }, () => {
  // The first, as it lasts the longest.
  test('a queue goes on with the current version of the worker, whichever began it', async (context) => {
    const queue = await startQueue(context, { all: 1 }, {}, { buildId: 'v1' });
    await queue.submit('a');
    await untilDeployed(queue, 'a');
    await queue.replaceWorker('v2');
    const later = await queue.submit('b', IMPATIENT);
    await soon(async () => (await queue.countsInTime())?.queued === 1, 30_000);
    assert.equal((await later.query()).phase, 'queued');
    // As the job of the first version is left alone: nobody works on it.
    queue.limits = { all: 2 };
    await untilDeployed(queue, 'a', 'b');
  });

  test('jobs for which there is no room wait as queued, nothing is made of them, and they go in turn', async (context) => {
    const queue = await startQueue(context, { all: 1 });
    const first = await queue.submit('a1', { owner: 'a' });
    await untilDeployed(queue, 'a1');
    const second = await queue.submit('a2', { owner: 'a' });
    await soon(async () => (await queue.counts()).queued === 1);
    const third = await queue.submit('b1', { owner: 'b' });
    await soon(async () => (await queue.counts()).queued === 2);
    for (const job of [second, third]) {
      const { status, phase } = await job.query();
      assert.deepEqual([status, phase], ['created', 'queued']);
    }
    assert.equal((await first.query()).phase, 'starting');
    assert.equal(queue.steps.filter((step) => step === 'volumes').length, 1);

    await first.kill();
    await untilDeployed(queue, 'a1', 'a2');
    assert.equal((await second.query()).phase, 'starting');
    await second.kill();
    await untilDeployed(queue, 'a1', 'a2', 'b1');
    await third.kill();
    await soon(async () => (await queue.counts()).inFlight === 0);
  });

  test('a job that waits is mirrored as queued by itself', async (context) => {
    const recorded: (readonly [string, string])[] = [];
    const queue = await startQueue(
      context,
      { all: 1 },
      {
        record: (job) => {
          recorded.push([job.name.split('-', 1)[0] ?? '', job.phase]);
          return Promise.resolve(job);
        },
      },
    );
    await queue.submit('a');
    await untilDeployed(queue, 'a');
    await queue.submit('b');
    await soon(() => recorded.some(([name, phase]) => name === 'b' && phase === 'queued'));
  });

  test('a job that was accepted earlier goes before one that asked earlier', async (context) => {
    const late = Promise.withResolvers<void>();
    const queue = await startQueue(context, { all: 1 });
    queue.untilAsking = (name) => (name.startsWith('b-') ? late.promise : Promise.resolve());
    const first = await queue.submit('a');
    await untilDeployed(queue, 'a');
    const second = await queue.submit('b');
    await queue.submit('c');
    await soon(async () => (await queue.counts()).queued === 1);
    late.resolve();
    await soon(async () => (await queue.counts()).queued === 2);
    await first.kill();
    await untilDeployed(queue, 'a', 'b');
    await second.kill();
    await untilDeployed(queue, 'a', 'b', 'c');
  });

  test('a job that is killed while it waits has ended at once, and nothing was made or had to be deleted', async (context) => {
    const queue = await startQueue(context, { all: 1 });
    const first = await queue.submit('a');
    await untilDeployed(queue, 'a');
    const input = { object: 'spool/x.zip', sizeBytes: 1, crc32c: 'AAAAAA==' };
    const [killed, next] = [await queue.submit('b', { input }), await queue.submit('c')];
    await soon(async () => (await queue.counts()).queued === 2);
    const before = queue.steps.length;
    const { status, phase, failure } = await killed.kill();
    assert.deepEqual([status, phase, failure], ['killed', 'ended', undefined]);
    const taken = new Set(queue.steps.slice(before));
    assert.deepEqual(taken, new Set(['record', 'discard', 'leave']), 'its input was removed, as it has one');
    await soon(async () => (await queue.counts()).queued === 1);
    await first.kill();
    await untilDeployed(queue, 'a', 'c');
    await next.kill();
  });

  test('a place is free only when nothing is left of the job that had it', async (context) => {
    const deletion = Promise.withResolvers<void>();
    const queue = await startQueue(context, { all: 1 }, { delete: () => deletion.promise });
    const first = await queue.submit('a');
    await untilDeployed(queue, 'a');
    await queue.submit('b');
    await soon(async () => (await queue.counts()).queued === 1);
    const end = first.kill();
    await soon(() => queue.steps.includes('delete'));
    await delay(300);
    assert.deepEqual([deployed(queue), await queue.counts()], [['a'], { queued: 1, inFlight: 1 }]);
    deletion.resolve();
    await end;
    await untilDeployed(queue, 'a', 'b');
  });

  test('a job whose workflow was ended by force while it waited takes nobody’s place', async (context) => {
    const queue = await startQueue(context, { all: 1 });
    const first = await queue.submit('a');
    await untilDeployed(queue, 'a');
    const gone = await queue.submit('b');
    await soon(async () => (await queue.counts()).queued === 1);
    await queue.submit('c');
    await soon(async () => (await queue.counts()).queued === 2);
    await gone.handle.terminate();
    await first.kill();
    await untilDeployed(queue, 'a', 'c');
    assert.deepEqual(await queue.counts(), { queued: 0, inFlight: 1 });
  });

  test('a queue that is lost comes back with the next question, and knows who goes', async (context) => {
    const first = Promise.withResolvers<string>();
    let surveys = 0;
    const queue = await startQueue(
      context,
      { all: 1 },
      { survey: async () => (surveys++ === 0 ? [] : [{ name: await first.promise }]) },
      SKIPPING,
    );
    const goes = await queue.submit('a');
    await untilDeployed(queue, 'a');
    await queue.submit('b');
    await soon(async () => (await queue.counts()).queued === 1);
    await queue.admission.terminate();
    const asking = queue.sleep(UNTIL_ASKING_AGAIN_MS);
    await soon(() => surveys === 2);
    await delay(300);
    assert.deepEqual(deployed(queue), ['a'], 'as long as it does not know who goes, nobody else does');
    first.resolve(queue.deployed[0] ?? '');
    await asking;
    await soon(async () => (await queue.counts()).inFlight === 1);
    assert.deepEqual(deployed(queue), ['a']);
    await goes.kill();
    await untilDeployed(queue, 'a', 'b');
  });

  test('a job that ends while there is no queue ends all the same', async (context) => {
    const queue = await startQueue(context, { all: 1 });
    const job = await queue.submit('a');
    await untilDeployed(queue, 'a');
    await queue.admission.terminate();
    assert.equal((await job.kill()).status, 'killed');
  });

  test('other limits of a worker that was started anew hold for those that wait already', async (context) => {
    const queue = await startQueue(context, { all: 1 }, {}, SKIPPING);
    await queue.submit('a');
    await untilDeployed(queue, 'a');
    await queue.submit('b');
    await soon(async () => (await queue.counts()).queued === 1);
    queue.limits = { all: 2 };
    await queue.sleep(UNTIL_ASKING_AGAIN_MS);
    await untilDeployed(queue, 'a', 'b');
  });

  test('a queue that has lived long begins a new history, and forgets nobody', async (context) => {
    const queue = await startQueue(context, { all: 1 });
    const first = await queue.submit('a');
    await untilDeployed(queue, 'a');
    await queue.submit('b');
    await soon(async () => (await queue.counts()).queued === 1);
    const { runId } = await queue.admission.describe();
    for (let round = 0; round < 12; round++) {
      await Promise.all(Array.from({ length: 50 }, () => queue.admission.signal(LEAVE_SIGNAL, 'nobody')));
    }
    await soon(async () => (await queue.admission.describe()).runId !== runId);
    assert.deepEqual(await queue.counts(), { queued: 1, inFlight: 1 });
    await first.kill();
    await untilDeployed(queue, 'a', 'b');
  });

  test('where there are no limits nobody asks', async (context) => {
    const job = await startJob(context);
    await job.called('deploy');
    await job.kill();
    await job.result();
    assert.equal(
      job.calls.some((step) => step === 'enqueue' || step === 'leave'),
      false,
    );
  });
});
