import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, test } from 'node:test';
import { createChangeWaiter } from '../../../store/changes.ts';
import type { Store } from '../../../store/store.ts';
import { aJob } from '../../support/job-builder.ts';
import { openStore } from '../../support/open-store.ts';

const isRunning = ({ status }: { status: string }) => status === 'running';

/** The same store, which notes what it is asked. */
function observed(store: Store) {
  const questions: (readonly string[])[] = [];
  const findMany: Store['findMany'] = (ids) => {
    questions.push(ids);
    return store.findMany(ids);
  };
  return { questions, findMany };
}

describe('waiting for a job to change', () => {
  test('ends when the mirror shows what was waited for', async (context) => {
    const store = await openStore(context);
    const { waitForJob } = createChangeWaiter(store);
    const job = aJob();
    await store.record(job);
    const waiting = waitForJob(job.id, isRunning, { timeoutMs: 10_000 });
    await store.record({ ...job, revision: 1, phase: 'starting' });
    await store.record({ ...job, revision: 2, status: 'running' });
    assert.equal((await waiting)?.revision, 2);
  });

  test('ends at once when that is so already, and sees a job that is mirrored later', async (context) => {
    const store = await openStore(context);
    const { waitForJob } = createChangeWaiter(store);
    const early = aJob({ status: 'running' });
    const late = aJob({ status: 'running' });
    await store.record(early);
    const waiting = waitForJob(late.id, isRunning, { timeoutMs: 10_000 });
    assert.equal((await waitForJob(early.id, isRunning, { timeoutMs: 10_000 }))?.id, early.id);
    await store.record(late);
    assert.equal((await waiting)?.id, late.id);
  });

  test('gives up after its time, or when nobody wants to know any more', async (context) => {
    const store = await openStore(context);
    const { waitForJob } = createChangeWaiter(store);
    const job = aJob();
    await store.record(job);
    const startMs = performance.now();
    assert.equal(await waitForJob(job.id, isRunning, { timeoutMs: 150 }), undefined);
    assert.ok(performance.now() - startMs >= 149);
    assert.equal(
      await waitForJob(job.id, isRunning, { timeoutMs: 60_000, signal: AbortSignal.timeout(50) }),
      undefined,
    );
    assert.equal(await waitForJob(job.id, isRunning, { timeoutMs: 60_000, signal: AbortSignal.abort() }), undefined);
  });

  test('asks one question at a time for everybody, each job once, and none when nobody waits', async (context) => {
    const store = observed(await openStore(context));
    const { waitForJob } = createChangeWaiter(store, { intervalMs: 50 });
    const ids = ['a', 'b', 'a', 'b', 'c'];
    await Promise.all(ids.map((id) => waitForJob(id, isRunning, { timeoutMs: 2_000 })));
    const asked = store.questions.length;
    assert.ok(asked >= 3 && asked <= 45, `asked ${asked} times`);
    assert.deepEqual(store.questions.at(1)?.toSorted(), ['a', 'b', 'c']);
    await delay(200);
    assert.ok(store.questions.length <= asked + 1);
  });

  test('goes on while the mirror is away for a moment', async (context) => {
    const store = await openStore(context);
    const job = aJob({ status: 'running' });
    await store.record(job);
    const errors: unknown[] = [];
    const findMany: Store['findMany'] = (ids) =>
      errors.length < 2 ? Promise.reject(new Error('away')) : store.findMany(ids);
    const waiter = createChangeWaiter({ findMany }, { intervalMs: 10, onError: (error) => errors.push(error) });
    assert.equal((await waiter.waitForJob(job.id, isRunning, { timeoutMs: 10_000 }))?.id, job.id);
    assert.equal(errors.length, 2);
  });

  test('fails with the error of its own question', async (context) => {
    const store = await openStore(context);
    const job = aJob();
    await store.record(job);
    const { waitForJob } = createChangeWaiter(store);
    const broken = () => {
      throw new Error('broken');
    };
    await assert.rejects(waitForJob(job.id, broken, { timeoutMs: 10_000 }), /broken/);
  });
});
