import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isEnd } from '../../../workflows/observation.ts';
import type { Observation } from '../../../workflows/observation.ts';
import { changed, initialJob, isNews, withTask } from '../../../workflows/state.ts';
import { verdictOf } from '../../../workflows/verdict.ts';
import { assertForward } from '../../support/course.ts';
import { anyScript, deliver } from '../../support/deliveries.ts';
import { anyLife } from '../../support/job-lives.ts';
import { anObservation, aRequest } from '../../support/objects.ts';
import { runs } from '../../support/properties.ts';

/** The status or reason by which a job ends at once after an observation; undefined when it goes on. */
function endAfter(observation: Observation): string | undefined {
  const waiting = { role: 'task', sinceMs: 0, troubledMs: 0, nowMs: 0, deadlines: aRequest() } as const;
  const verdict = verdictOf(observation, waiting);
  if (verdict.kind === 'wait') return undefined;
  return verdict.kind === 'succeeded' ? verdict.kind : verdict.failure.reason;
}

/** The observations that count for the Kubernetes Job of `expected`, which is the first. */
function newsIn(expected: Observation, observations: readonly Observation[]): readonly Observation[] {
  const news = [expected];
  for (const next of observations) if (isNews(news.at(-1), next)) news.push(next);
  return news;
}

test('every observation of a task has the true end of the task or none, and a look after its end has one', () => {
  fc.assert(
    fc.property(anyLife, anyScript, (life, script) => {
      const { observed, delivered } = deliver(life, script);
      const truths: string[] = life.ends.map(({ stage, reason }) => reason ?? stage);
      const isTrue = (end: string | undefined) => end === undefined || truths.includes(end);
      for (const end of observed.map(endAfter)) assert.ok(isTrue(end), `a task that ${life.name} ends as ${end}`);
      const [last] = delivered.slice(-1).map(endAfter);
      assert.ok(last !== undefined && isTrue(last), `after a look, a task that ${life.name} ends as ${last}`);
    }),
    runs(2000),
  );
});

test('observations in any order take a job forward only, and repeated ones change nothing', () => {
  fc.assert(
    fc.property(anyLife, anyScript, (life, script) => {
      const news = newsIn(anObservation(), deliver(life, script).delivered);
      const states = [changed(initialJob(aRequest()), { phase: 'starting' })];
      for (const observation of news) {
        const [job] = states.slice(-1).map((before) => withTask(before, observation));
        assert.ok(job);
        assert.equal(withTask(job, observation), job);
        assert.ok(job.exitCode === undefined || job.exitCode === life.exitCode, `exit code ${job.exitCode}`);
        states.push(job);
      }
      assertForward(states);
    }),
    runs(2000),
  );
});

test('a watcher whose queries are answered reports every end of a Job that exists, without a poll', () => {
  fc.assert(
    fc.property(anyLife, anyScript, (life, script) => {
      const { watched, hasJob } = deliver(life, script);
      if (!hasJob || life.ends.every(({ stage }) => stage === 'pending')) return;
      assert.ok(
        watched.some(({ stage, jobUid }) => isEnd(stage) && jobUid === 'task-uid'),
        `the end of a task that ${life.name} is not reported`,
      );
    }),
    runs(500),
  );
});
