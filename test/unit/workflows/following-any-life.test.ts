import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isEnd } from '../../../workflows/observation.ts';
import type { Job } from '../../../workflows/contract.ts';
import type { Observation } from '../../../workflows/observation.ts';
import { changed, initialJob, isNews, withTask } from '../../../workflows/state.ts';
import { verdictOf } from '../../../workflows/verdict.ts';
import type { Verdict } from '../../../workflows/verdict.ts';
import { anyLife } from '../../support/job-lives.ts';
import type { Life } from '../../support/job-lives.ts';
import { anObservation, aRequest } from '../../support/objects.ts';
import { runs } from '../../support/properties.ts';
import { HAPPENINGS, watchLife } from '../../support/two-watches.ts';
import type { TwoWatches } from '../../support/two-watches.ts';

/** How a job goes on while its task is followed. */
const COURSE = ['created/starting', 'running/downloading', 'running/starting', 'running/running'];

/** What the workflow makes of observations, with no time passing. */
function createFollower(life: Life) {
  const request = aRequest();
  let job = changed(initialJob(request), { phase: 'starting' });
  let known: Observation = { role: 'task', jobUid: 'task-uid', stage: 'pending' };
  let verdict: Verdict = { kind: 'wait', waitMs: Infinity };
  let isKilled = false;

  /** As `batch-job.ts` goes on when the wait is over. */
  const endWith = (next: Verdict) => {
    verdict = next;
    if (next.kind === 'succeeded') job = changed(job, { status: 'cleaning', phase: 'uploading' });
    if (next.kind === 'failed') job = changed(job, { failure: next.failure, phase: 'deleting' });
  };
  const take = (observation: Observation) => {
    if (!isNews(known, observation)) return;
    known = observation;
    const before = job;
    job = withTask(job, observation);
    assertForward(before, job);
    const waiting = { role: 'task', sinceMs: 0, troubledMs: 0, nowMs: 0, deadlines: request } as const;
    if (verdict.kind === 'wait' && !isKilled) endWith(verdictOf(observation, waiting));
  };
  const notice = (observation: Observation) => {
    const before = { job, verdict };
    take(observation);
    if (before.verdict.kind !== 'wait' || isKilled) assertStill(before, { job, verdict });
    assert.ok(job.exitCode === undefined || job.exitCode === life.exitCode, `exit code ${job.exitCode}`);
    assertTrue(life, verdict);
    const once = job;
    take(observation);
    assert.equal(job, once, 'a look that comes twice changes nothing');
  };
  const kill = () => {
    isKilled = true;
    job = changed(job, { killRequested: true, phase: 'deleting' });
  };
  return { notice, kill, verdict: () => verdict, isKilled: () => isKilled };
}

function assertForward(before: Job, after: Job): void {
  assert.equal(after.revision - before.revision, after === before ? 0 : 1);
  if (after !== before) assert.notDeepEqual({ ...after, revision: before.revision }, before);
  const [from, to] = [before, after].map(({ status, phase }) => `${status}/${phase}`);
  if (from !== to) assert.ok(COURSE.indexOf(to ?? '') > COURSE.indexOf(from ?? ''), `${from} → ${to}`);
}

/** The end is known, or the job is killed. */
function assertStill(before: { job: Job; verdict: Verdict }, after: { job: Job; verdict: Verdict }): void {
  assert.equal(after.verdict, before.verdict);
  const told = ({ status, phase, failure }: Job) => [status, phase, failure];
  assert.deepEqual(told(after.job), told(before.job));
}

/** A verdict is what is true of the life, or none yet. */
function assertTrue({ ends, name }: Life, verdict: Verdict): void {
  if (verdict.kind === 'wait') return;
  const said = verdict.kind === 'succeeded' ? verdict.kind : verdict.failure.reason;
  const truths = ends.map(({ stage, reason }) => reason ?? stage);
  assert.ok(truths.includes(said), `a task that ${name} is said to be ${said}`);
}

const OFTEN = ['live', 'watchJobs', 'watchPods'] as const;
const OF_WORKFLOW = ['signal', 'signalAgain', 'stranger', 'kill'] as const;
type Step = Parameters<TwoWatches['happen']>[0] | (typeof OF_WORKFLOW)[number];

const anyScript = fc.array(
  fc.record({
    what: fc.constantFrom(...HAPPENINGS, ...OFTEN, ...OF_WORKFLOW),
    at: fc.nat({ max: 9 }),
  }),
  // Otherwise few of them are drawn.
  { maxLength: 120, size: 'max' },
);

const stranger = (at: number): Observation =>
  anObservation({ jobUid: 'another', exitCode: at, stage: at % 2 === 0 ? 'succeeded' : 'failed' });

interface Scripted {
  readonly what: Step;
  readonly at: number;
}

/** Lets a life be followed by a script of happenings, with signals in any order. */
function follow(life: Life, script: readonly Scripted[]) {
  const follower = createFollower(life);
  const told: Observation[] = [];
  const fromView: Observation[] = [];
  const watches = watchLife(life, {
    onWatched: (observation) => void [told, fromView].forEach((list) => list.push(observation)),
    onPolled: (observation) => void told.push(observation),
  });
  const signal = (at: number) => {
    const observation = told[at % Math.max(told.length, 1)];
    if (observation) follower.notice(observation);
    return observation;
  };
  const step = ({ what, at }: Scripted) => {
    if (what === 'signalAgain') signal(at);
    else if (what === 'signal') told.splice(at % Math.max(told.length, 1), signal(at) ? 1 : 0);
    else if (what === 'stranger') follower.notice(stranger(at));
    else if (what !== 'kill') watches.happen(what, at);
    else if (at === 0) follower.kill();
  };
  script.forEach(step);
  watches.finish();
  return { follower, watches, fromView, told };
}

test('a job that is followed in any way ends as it truly ended, at the latest when the cluster is asked', () => {
  fc.assert(
    fc.property(anyLife, anyScript, (life, script) => {
      const { follower, watches, told } = follow(life, script);
      for (const observation of told) follower.notice(observation);
      follower.notice(watches.look());
      const isOver = follower.verdict().kind !== 'wait' || follower.isKilled();
      assert.ok(isOver, `a task that ${life.name} is waited for`);
    }),
    runs(2000),
  );
});

test('a watcher whose questions are answered tells every end of a Job that is there, without a poll', () => {
  fc.assert(
    fc.property(anyLife, anyScript, (life, script) => {
      const { fromView, watches } = follow(life, script);
      if (!watches.hasJob() || life.ends.every(({ stage }) => stage === 'pending')) return;
      assert.ok(
        fromView.some(({ stage, jobUid }) => isEnd(stage) && jobUid === 'task-uid'),
        `the end of a task that ${life.name} is not told`,
      );
    }),
    runs(500),
  );
});
