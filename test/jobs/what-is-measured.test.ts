import assert from 'node:assert/strict';
import { test } from 'node:test';
import { becomesTrue } from '../../deploy/local/ready.ts';
import { required } from '../support/environment.ts';
import { freePort } from '../support/free-port.ts';
import { aName, runJob, shellJob } from '../support/job-client.ts';
import { startWorkerProcess } from '../support/worker-process.ts';

const read = (url: string) => fetch(`${url}/metrics`).then((answer) => answer.text());

/** Value of a metric of the worker of the stack; 0 when it has not been seen. */
async function metricOf(name: string): Promise<number> {
  const lines = (await read(required('WORKER_URL'))).split('\n');
  const line = lines.find((found) => found.startsWith(`kubernetes_task_runner_${name} `));
  return Number(line?.split(' ')[1] ?? 0);
}

test('a job that ends is counted by what became of it, and by how long its phases lasted', async () => {
  const metrics = [
    'jobs_ended_total{status="failed",reason="UserError"}',
    'job_phase_seconds_count{phase="running"}',
    'job_phase_seconds_sum{phase="running"}',
  ] as const;
  const before = await Promise.all(metrics.map(metricOf));
  const { failure } = await runJob(aName('measured'), shellJob('sleep 3; exit 3'));
  assert.equal(failure?.reason, 'UserError');
  const after = await Promise.all(metrics.map(metricOf));
  for (const [index, atLeast] of [1, 1, 1].entries()) assert.ok((after[index] ?? 0) >= (before[index] ?? 0) + atLeast);
});

test("a worker tells what Temporal's SDK measures, where it is asked to", async (context) => {
  const port = await freePort();
  await startWorkerProcess(context, { TEMPORAL_METRICS_PORT: String(port) });
  const url = `http://127.0.0.1:${port}`;
  const tells = async () => /^temporal_num_pollers\{.*task_queue=/m.test(await read(url));
  assert.ok(await becomesTrue(tells, 20_000), await read(url));
});
