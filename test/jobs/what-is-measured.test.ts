import assert from 'node:assert/strict';
import { test } from 'node:test';
import { becomesTrue } from '../../deploy/local/ready.ts';
import { freePort } from '../support/free-port.ts';
import { gated, openGate, runUntilRunning } from '../support/gated-job.ts';
import { aName, shellJob, untilEnded } from '../support/job-client.ts';
import { metricOf } from '../support/worker-metrics.ts';
import { startWorkerProcess } from '../support/worker-process.ts';

const read = (url: string) => fetch(`${url}/metrics`).then((answer) => answer.text());

/** A metric whose labels nobody has seen yet stands at 0. */
const valuesOf = (names: readonly string[]) => Promise.all(names.map(async (name) => (await metricOf(name)) ?? 0));

test('a job that ends is counted by what became of it, and by how long its phases lasted', async () => {
  const metrics = [
    'jobs_ended_total{status="failed",reason="UserError"}',
    'job_phase_seconds_count{phase="running"}',
    'job_phase_seconds_sum{phase="running"}',
  ] as const;
  const before = await valuesOf(metrics);
  const job = await runUntilRunning(aName('measured'), shellJob(gated('true', 'exit 3')));
  await openGate(job);
  const { failure } = await untilEnded(job.id);
  assert.equal(failure?.reason, 'UserError');
  const after = await valuesOf(metrics);
  for (const [index, value] of after.entries()) assert.ok(value >= (before[index] ?? 0) + 1);
});

test("a worker tells what Temporal's SDK measures, where it is asked to", async (context) => {
  const port = await freePort();
  await startWorkerProcess(context, { TEMPORAL_METRICS_PORT: String(port) });
  const url = `http://127.0.0.1:${port}`;
  const tells = async () => /^temporal_num_pollers\{.*task_queue=/m.test(await read(url));
  assert.ok(await becomesTrue(tells, 20_000), await read(url));
});
