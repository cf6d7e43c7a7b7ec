import { setTimeout as sleep } from 'node:timers/promises';
import { request } from 'undici';
import { BATCH_JOB_WORKFLOW, TASK_QUEUE, workflowIdOf } from '../../../workflows/names.ts';
import { required } from '../../support/environment.ts';
import { shellJob } from '../../support/job-client.ts';
import { aRequest } from '../../support/objects.ts';
import { startOwnService } from '../../support/own-service.ts';
import type { Closing } from '../../support/scope.ts';
import { percentile } from '../figure.ts';
import type { Measure } from '../measure.ts';
import { terminateAll } from '../terminate-all.ts';
import { inTurns } from '../turns.ts';
import { names, timed } from '../world.ts';

/** So many that the first ones, for which V8 has compiled nothing yet, do not count: a service has been up for long. */
const REQUESTS = 2_000;
const PACED_REQUESTS = 400;
const CONCURRENCY = 20;

/** How fast jobs are taken that wait for a worker, against Temporal alone. Nothing of them is ever on the cluster. */
export async function accepting(scope: Closing): Promise<Measure[]> {
  const { client } = await startOwnService(scope);
  // Another service may be the present one by then.
  const namespace = required('TEMPORAL_NAMESPACE');
  scope.after(() => terminateAll(namespace));
  const parameters = shellJob('true');
  // Without names, each of which costs a write to MongoDB more.
  const post = () => send({ job_parameters: parameters });
  const start = async (name: string) => {
    const job = aRequest({ id: crypto.randomUUID(), name, parameters });
    const workflowId = workflowIdOf(name);
    const memo = { jobId: job.id };
    await client.workflow.start(BATCH_JOB_WORKFLOW, { taskQueue: TASK_QUEUE, workflowId, args: [job], memo });
  };

  let lastRate = 0;
  return [
    {
      name: 'jobs accepted in a second, twenty at a time',
      unit: 'rate',
      ours: async () => (lastRate = await rateOf(post)),
      peer: { what: 'workflow.start alone', run: () => rateOf(start) },
    },
    {
      name: 'the slowest of a hundred answers, at half of that rate',
      unit: 'ms',
      ours: () => slowestOfAHundred(post, lastRate / 2),
    },
  ];
}

/** Not by `fetch`, which takes 0.2 ms of CPU more a request: a client does not share the cores of the service. */
async function send(job: unknown): Promise<void> {
  const headers = { prefer: 'respond-async', 'content-type': 'application/json' };
  const answer = await request(`${required('API_URL')}/batch/`, { method: 'POST', headers, body: JSON.stringify(job) });
  const text = await answer.body.text();
  if (answer.statusCode >= 300) throw new Error(`POST answered ${answer.statusCode}: ${text}`);
}

/** @returns how many of `deed` are done in a second, when so many are under way at any time */
async function rateOf(deed: (name: string) => Promise<void>): Promise<number> {
  const durationMs = await timed(() => inTurns(names('bench-accept', REQUESTS), CONCURRENCY, deed));
  return REQUESTS / (durationMs / 1000);
}

/** The 99th percentile, of deeds that begin at a steady rate, whatever becomes of those before. */
async function slowestOfAHundred(deed: (name: string) => Promise<void>, perSecond: number): Promise<number> {
  const startedMs = performance.now();
  const durations = names('bench-pace', PACED_REQUESTS).map(async (name, at) => {
    await sleep(Math.max(0, (at / perSecond) * 1000 - (performance.now() - startedMs)));
    return await timed(() => deed(name));
  });
  return percentile(99, await Promise.all(durations));
}
