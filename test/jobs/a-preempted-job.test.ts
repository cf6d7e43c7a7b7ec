import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { aName, runJob, shellJob, submit, until, untilEnded } from '../support/job-client.ts';
import { kubectl } from '../support/operator.ts';
import { assertWorldAfter } from '../support/world.ts';

async function makePriorityClass(context: TestContext, value: number): Promise<string> {
  const name = aName('priority');
  await kubectl('create', 'priorityclass', name, `--value=${value}`);
  context.after(() => kubectl('delete', 'priorityclass', name));
  return name;
}

async function processorsOfTheNode(): Promise<number> {
  return Number(
    await kubectl(
      'get',
      'nodes',
      '--selector',
      'kubernetes.io/hostname',
      '--output',
      'jsonpath={.items[0].status.allocatable.cpu}',
    ),
  );
}

test('a job that has to make room for a more urgent one was evicted, and the urgent one runs', async (context) => {
  const [low, high] = [await makePriorityClass(context, -1000), await makePriorityClass(context, 1000)];
  // Together they want more than the node has, and alone each of them fits.
  const resources = { requests: { cpu: `${Math.floor((await processorsOfTheNode()) * 550)}m` } };
  const patient = shellJob('trap "exit 0" TERM; sleep 600 & wait', {
    resources,
    priority_class: low,
    retry: { max_attempts: 1 },
  });
  const { body } = await submit(aName('patient'), patient);
  const { id } = await until(body.data.id, ({ phase }) => phase === 'running');
  const urgent = await runJob(aName('urgent'), shellJob('true', { resources, priority_class: high }));
  assert.equal(urgent.status, 'succeeded', JSON.stringify(urgent));

  const job = await untilEnded(id);
  assert.deepEqual([job.status, job.failure?.reason, job.failure?.retryable], ['failed', 'Evicted', true]);
  assert.match(job.failure?.message ?? '', /preempt/i);
  await assertWorldAfter(job);
});
