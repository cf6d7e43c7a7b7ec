import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { test } from 'node:test';
import { WorkflowNotFoundError } from '@temporalio/common';
import type { WorkflowClient } from '@temporalio/client';
import { pino } from 'pino';
import type { Observation, ObservedStage } from '../../../workflows/observation.ts';
import { createSignaller } from '../../../worker/signaller.ts';
import { anObservation } from '../../support/objects.ts';

const silent = pino({ level: 'silent' });

/** What comes of the next tries to signal; all after them are delivered. */
type Fates = Record<string, (Error | undefined)[]>;

/** A signaller to workflows that hear or do not, what they have heard, and what came of each try. */
function aSignaller(fates: Fates = {}) {
  const heard: string[] = [];
  const outcomes: string[] = [];
  const stop = new AbortController();
  const client = {
    getHandle: (workflowId: string) => ({
      async signal(_name: string, { stage }: Observation) {
        await sleep(1);
        const fate = fates[workflowId]?.shift();
        if (fate) throw fate;
        heard.push(`${workflowId} ${stage}`);
      },
    }),
  } as unknown as Pick<WorkflowClient, 'getHandle'>;
  const signalTo = createSignaller(client, silent, (outcome) => outcomes.push(outcome), stop.signal);
  const tell = (name: string, ...stages: ObservedStage[]) =>
    stages.forEach((stage) => signalTo(name, anObservation({ stage })));
  return { tell, stop, heard, outcomes };
}

async function until(isSo: () => boolean): Promise<void> {
  for (const endMs = Date.now() + 10_000; !isSo(); await sleep(5)) assert.ok(Date.now() < endMs);
}

const away = () => new Error('Temporal is away');

test('a signal that is not delivered is sent again, and those of the same job wait for it', async () => {
  const { tell, heard, outcomes } = aSignaller({ 'batch-job/a': [away(), away()] });
  tell('a', 'running', 'succeeded');
  await until(() => heard.length === 2);
  assert.deepEqual(heard, ['batch-job/a running', 'batch-job/a succeeded']);
  assert.deepEqual(outcomes, ['failed', 'failed', 'delivered', 'delivered']);
});

test('a job that cannot be told holds up no other', async () => {
  const { tell, stop, heard } = aSignaller({ 'batch-job/a': [away()] });
  tell('a', 'running');
  tell('b', 'running');
  await until(() => heard.length > 0);
  assert.deepEqual(heard, ['batch-job/b running']);
  stop.abort();
});

test('a workflow that has ended is told once, and not again', async () => {
  const { tell, heard, outcomes } = aSignaller({
    'batch-job/a': [new WorkflowNotFoundError('gone', 'batch-job/a', undefined)],
  });
  tell('a', 'failed');
  await until(() => outcomes.length > 0);
  await sleep(300);
  assert.deepEqual([heard, outcomes], [[], ['closed']]);
});

test('who leads no more sends nothing again, nor what still waits', async () => {
  const { tell, stop, heard, outcomes } = aSignaller({ 'batch-job/a': [away()] });
  tell('a', 'running', 'succeeded');
  await until(() => outcomes.length > 0);
  stop.abort();
  await sleep(400);
  assert.deepEqual([heard, outcomes], [[], ['failed']]);
});
