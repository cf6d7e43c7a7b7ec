import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { test } from 'node:test';
import { createChangeWaiter } from '../../../store/changes.ts';
import type { Job } from '../../../workflows/contract.ts';
import { aJob } from '../../support/job-builder.ts';

const isRunning = ({ status }: Job) => status === 'running';

/** A mirror in memory, which notes what it is asked. */
function aMirror(...first: Job[]) {
  const jobs = new Map(first.map((job) => [job.id, job]));
  const questions: (readonly string[])[] = [];
  const findMany = (ids: readonly string[]) => {
    questions.push(ids);
    return Promise.resolve([...jobs.values()].filter(({ id }) => ids.includes(id)));
  };
  return { questions, findMany, show: (job: Job) => void jobs.set(job.id, job) };
}

test('a job that somebody says has changed is looked at then, and no other', async () => {
  const [job, other] = [aJob(), aJob()];
  const mirror = aMirror(job, other);
  const { waitForJob, notice } = createChangeWaiter(mirror, { isTold: () => true });
  const leave = new AbortController();
  const waiting = waitForJob(job.id, isRunning, { timeoutMs: 5_000 });
  void waitForJob(other.id, isRunning, { timeoutMs: 5_000, signal: leave.signal });
  await sleep(150);
  const asked = mirror.questions.length;
  mirror.show({ ...job, status: 'running' });
  const startedMs = performance.now();
  notice(job.id);
  assert.equal((await waiting)?.status, 'running');
  assert.ok(performance.now() - startedMs < 80);
  assert.deepEqual(mirror.questions.slice(asked), [[job.id]]);
  leave.abort();
});

test('nobody is asked about a job that nobody waits for', () => {
  const mirror = aMirror(aJob());
  createChangeWaiter(mirror).notice('another');
  assert.deepEqual(mirror.questions, []);
});

test('while all is told the mirror is seldom asked, and what is missed is seen all the same', async () => {
  const job = aJob();
  const mirror = aMirror(job);
  const { waitForJob } = createChangeWaiter(mirror, { intervalMs: 5, isTold: () => true });
  const waiting = waitForJob(job.id, isRunning, { timeoutMs: 10_000 });
  await sleep(300);
  assert.equal(mirror.questions.length, 1);
  mirror.show({ ...job, status: 'running' });
  assert.equal((await waiting)?.status, 'running');
});

test('who was looked at because of a change is not looked at again with those that have waited for longer', async () => {
  const [job, other] = [aJob(), aJob()];
  const mirror = aMirror(job, other);
  const { waitForJob, notice } = createChangeWaiter(mirror, { intervalMs: 5, isTold: () => true });
  const waiting = [job, other].map(({ id }) => waitForJob(id, isRunning, { timeoutMs: 5_500 }));
  await sleep(2_000);
  notice(job.id);
  await Promise.all(waiting);
  assert.deepEqual(mirror.questions.slice(-2), [[job.id], [other.id]]);
});

test('when nobody tells of changes any more the mirror is asked at once', async () => {
  const job = aJob();
  const mirror = aMirror(job);
  let isTold = true;
  const { waitForJob } = createChangeWaiter(mirror, { intervalMs: 5, isTold: () => isTold });
  const waiting = waitForJob(job.id, isRunning, { timeoutMs: 5_000 });
  await sleep(50);
  mirror.show({ ...job, status: 'running' });
  isTold = false;
  const startedMs = performance.now();
  assert.equal((await waiting)?.status, 'running');
  assert.ok(performance.now() - startedMs < 1_000);
});

test('a mirror that is away when somebody tells of a change is asked again', async () => {
  const job = aJob();
  const mirror = aMirror(job);
  let isAway = false;
  const errors: unknown[] = [];
  const findMany = (ids: readonly string[]) => (isAway ? Promise.reject(new Error('away')) : mirror.findMany(ids));
  const onError = (error: unknown) => errors.push(error);
  const { waitForJob, notice } = createChangeWaiter({ findMany }, { intervalMs: 5, onError });
  const waiting = waitForJob(job.id, isRunning, { timeoutMs: 5_000 });
  await sleep(20);
  isAway = true;
  notice(job.id);
  await sleep(20);
  assert.ok(errors.length > 0);
  isAway = false;
  mirror.show({ ...job, status: 'running' });
  assert.equal((await waiting)?.status, 'running');
});

test('a job that its caller knows already is looked at when it has changed, and not before', async () => {
  const job = aJob();
  const mirror = aMirror(job);
  const { waitForJob, notice } = createChangeWaiter(mirror, { intervalMs: 5, isTold: () => true });
  const waiting = waitForJob(job.id, isRunning, { timeoutMs: 2_000, askedMs: performance.now() });
  await sleep(50);
  assert.deepEqual(mirror.questions, []);
  mirror.show({ ...job, status: 'running' });
  notice(job.id);
  assert.equal((await waiting)?.status, 'running');
  assert.equal(mirror.questions.length, 1);
});

test('a change that was told between the question of a caller and its wait is not missed', async () => {
  const job = aJob();
  const mirror = aMirror(job);
  const { waitForJob, notice } = createChangeWaiter(mirror, { intervalMs: 5, isTold: () => true });
  const askedMs = performance.now();
  mirror.show({ ...job, status: 'running' });
  notice(job.id);
  notice(aJob().id);
  assert.equal((await waitForJob(job.id, isRunning, { timeoutMs: 1_000, askedMs }))?.status, 'running');
});

test('a caller that asked so long ago that changes since may be forgotten looks again', async () => {
  const job = aJob();
  const mirror = aMirror({ ...job, status: 'running' });
  const { waitForJob } = createChangeWaiter(mirror, { intervalMs: 5, isTold: () => true });
  const askedMs = performance.now() - 5_000;
  assert.equal((await waitForJob(job.id, isRunning, { timeoutMs: 1_000, askedMs }))?.status, 'running');
});
