import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import type { WorkflowClient, WorkflowHandle } from '@temporalio/client';
import type { Activities } from '../../activities/index.ts';
import { createEnqueue } from '../../activities/enqueue.ts';
import { BATCH_JOB_WORKFLOW, ENQUEUE_SIGNAL, workflowIdOf } from '../../workflows/names.ts';
import { aRequest } from '../support/objects.ts';
import { soon, startQueue } from '../support/queueing.ts';
import { harmlessActivities } from '../support/temporal.ts';
import { stackEnvironment } from '../support/temporal-environment.ts';
import { runWorker } from '../support/temporal-worker.ts';

/** When a worker took the first task of a workflow. */
async function firstTaskMs(handle: WorkflowHandle): Promise<number> {
  const { events } = await handle.fetchHistory();
  const { eventTime } = events?.find((event) => event.workflowTaskStartedEventAttributes) ?? {};
  assert.ok(eventTime);
  return Number(eventTime.seconds) * 1000 + (eventTime.nanos ?? 0) / 1e6;
}

test('a queue that always has news begins a new history nevertheless', async (context) => {
  const { workflow: workflows } = (await stackEnvironment()).client;
  const queue = await startQueue(context, { all: 1 });
  const first = await queue.submit('a');
  await soon(() => queue.deployed.length === 1);
  const ask = (name: string) => queue.admission.signal(ENQUEUE_SIGNAL, { name, acceptedMs: 0 });
  // Nobody of these is there: each is told to go, and found to be gone.
  for (let round = 0; round < 24; round += 1) await Promise.all(Array.from({ length: 50 }, () => ask(randomUUID())));
  queue.limits = { all: 5_000 };
  await soon(async () => (await ask('one more'), (await queue.countsInTime())?.queued === 0), 60_000);
  await soon(async () => (await queue.countsInTime())?.inFlight === 1, 60_000);
  // The list does not tell how long a history is that goes on.
  const lengths = [(await queue.admission.describe()).historyLength];
  const query = `WorkflowId = '${queue.admission.workflowId}'`;
  for await (const { historyLength } of workflows.list({ query })) lengths.push(historyLength);
  context.diagnostic(`histories of ${lengths.join(', ')} events`);
  // Of the 1,200 questions as many as come before its next task are in one; telling 1,200 takes two events for each.
  assert.ok(Math.max(...lengths) < 2_000);
  await first.kill();
});

test('who lets jobs go is not behind the many that wait for it', async (context) => {
  const environment = await stackEnvironment();
  const { workflow: workflows } = environment.client;
  const taskQueue = randomUUID();
  const jobs = await Promise.all(
    Array.from({ length: 200 }, (_, at) => {
      const request = aRequest({ id: randomUUID(), name: `job-${at}-${taskQueue.slice(0, 8)}`, isQueued: true });
      const workflowId = workflowIdOf(request.name);
      return workflows.start(BATCH_JOB_WORKFLOW, { taskQueue, workflowId, args: [request] });
    }),
  );
  const admission = workflows.getHandle(`admission-${taskQueue}`);
  context.after(() => Promise.allSettled([admission, ...jobs].map((handle) => handle.terminate())));
  const ownQueue: Pick<WorkflowClient, 'signalWithStart'> = {
    signalWithStart: (type, options) =>
      workflows.signalWithStart(type, { ...options, taskQueue, workflowId: admission.workflowId }),
  };
  const enqueue = createEnqueue({ workflows: ownQueue });
  const begun = new Set<string>();
  const activities: Activities = {
    ...harmlessActivities(),
    enqueue: (job, askAgainMs) => (begun.add(job.name), enqueue(job, askAgainMs)),
    survey: () => (begun.add(admission.workflowId), Promise.resolve([])),
    limits: () => Promise.resolve({ all: 1 }),
  };
  await runWorker(context, environment, { taskQueue, activities });
  await soon(() => begun.size > jobs.length, 60_000);
  const [own = 0, ...others] = await Promise.all([admission, ...jobs].map(firstTaskMs));
  const before = others.filter((ms) => ms < own).length;
  context.diagnostic(`${before} of ${jobs.length} jobs began before it`);
  assert.ok(before < jobs.length / 2);
});
