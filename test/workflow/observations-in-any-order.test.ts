import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import fc from 'fast-check';
import type { Job } from '../../workflows/contract.ts';
import type { Observation } from '../../workflows/observation.ts';
import { assertForward } from '../support/course.ts';
import { anyScript, deliver } from '../support/deliveries.ts';
import { anyLife } from '../support/job-lives.ts';
import { anObservation } from '../support/objects.ts';
import { runs } from '../support/properties.ts';
import { startJob } from '../support/temporal.ts';

/** Each takes about a second on a busy machine. */
const LIVES = 10;

/** A life whose job receives more than its end and a look. */
const anyDeliveries = fc
  .record({ life: anyLife, script: anyScript })
  .map(({ life, script }) => ({ life, delivered: deliver(life, script).delivered }))
  .filter(({ delivered }) => delivered.length > 5);

/** The number of observations before a kill; undefined without one. */
const anyKill = fc.option(fc.nat({ max: 30 }), { nil: undefined });

/** Runs one job that receives `observations`. It is deleted only after the last of them. */
async function runJob(context: TestContext, observations: readonly Observation[], killAfter: number | undefined) {
  const recorded: Job[] = [];
  const delivered = Promise.withResolvers<void>();
  const record = (state: Job) => {
    recorded.push(state);
    return Promise.resolve(state);
  };
  const parameters = { docker_image: 'python', retry: { max_attempts: 1 } };
  const job = await startJob(context, { delete: () => delivered.promise, record }, { parameters });
  await job.called('deploy');
  // The Kubernetes Job that counts is known from here on.
  await job.observe(anObservation());
  for (const [at, observation] of observations.entries()) {
    if (at === killAfter) await job.kill();
    await job.observe(observation);
  }
  await job.observe(anObservation({ role: 'cleanup', jobUid: 'cleanup-uid', stage: 'succeeded' }));
  delivered.resolve();
  return { end: await job.result(), recorded };
}

test('a job ends once, as its task did or killed, in whatever order observations arrive', async (context) => {
  await fc.assert(
    fc.asyncProperty(anyDeliveries, anyKill, async ({ life, delivered }, killAfter) => {
      const { end, recorded } = await runJob(context, delivered, killAfter);
      const truths: string[] = life.ends.map(({ stage, reason }) => reason ?? stage);
      if (killAfter !== undefined && killAfter < delivered.length) truths.push('killed');
      const result = end.failure?.reason ?? end.status;
      assert.ok(truths.includes(result), `a task that ${life.name} ends as ${result}`);
      assert.ok(end.exitCode === undefined || end.exitCode === life.exitCode, `exit code ${end.exitCode}`);
      assertForward(recorded);
    }),
    { ...runs(LIVES), endOnFailure: true },
  );
});
