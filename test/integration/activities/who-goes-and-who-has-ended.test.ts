import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import type { WorkflowClient } from '@temporalio/client';
import { createSurvey } from '../../../activities/survey.ts';
import { freeSlots } from '../../../activities/slots.ts';
import { ADMISSION } from '../../../workflows/names.ts';
import { aJob, aSucceededJob } from '../../support/job-builder.ts';
import { openStore } from '../../support/open-store.ts';
import { soon, startQueue } from '../../support/queueing.ts';
import { aRef, createWorkflows } from '../../support/reconciling.ts';

/** A mirror of the test's own, and the Temporal of the stack with its queue. */
async function openDeps(context: TestContext, admissionId = ADMISSION) {
  const { client, openJob, endJob } = await createWorkflows(context);
  const { workflow } = client;
  const workflows: Pick<WorkflowClient, 'list' | 'getHandle' | 'signalWithStart' | 'options'> = {
    options: workflow.options,
    list: (options) => workflow.list(options),
    getHandle: (id, ...more) => workflow.getHandle(id === ADMISSION ? admissionId : id, ...more),
    signalWithStart: (...args) => workflow.signalWithStart(...args),
  };
  return { workflows, store: await openStore(context), openJob, endJob };
}

test('a job goes whose workflow is open, unless the mirror says that it waits or has ended, or does not know it', async (context) => {
  const { openJob, ...deps } = await openDeps(context);
  const [running, owned, waiting, ended, unknown, closed] = [aRef(), aRef(), aRef(), aRef(), aRef(), aRef()];
  for (const ref of [running, owned, waiting, ended, unknown]) await openJob(ref);
  await deps.store.record(aJob({ ...running, status: 'running', phase: 'running' }));
  await deps.store.record(aJob({ ...owned, owner: 'alice', phase: 'preparing' }));
  await deps.store.record(aJob({ ...waiting, phase: 'queued' }));
  await deps.store.record(aSucceededJob(ended));
  await deps.store.record(aJob({ ...closed, status: 'running', phase: 'running' }));
  const going = await createSurvey(deps)();
  assert.deepEqual(
    going.toSorted((a, b) => (a.owner ?? '').localeCompare(b.owner ?? '')),
    [{ name: running.name }, { name: owned.name, owner: 'alice' }],
  );
});

test('a job that has ended holds no place, unless its end is not told yet', async (context) => {
  const [ended, untold, unknown, open] = [aRef(), aRef(), aRef(), aRef()];
  const holders = [ended, untold, unknown, open];
  const queue = await startQueue(context, {}, { survey: () => Promise.resolve(holders.map(({ name }) => ({ name }))) });
  const { openJob, endJob, ...deps } = await openDeps(context, queue.admission.workflowId);
  for (const ref of holders) {
    const handle = await openJob(ref);
    if (ref !== open) await endJob(handle);
  }
  await deps.store.record(aSucceededJob(ended));
  await deps.store.record(aJob({ ...untold, status: 'running', phase: 'running' }));
  await queue.submit('a');
  await soon(async () => (await queue.counts()).inFlight === 5);
  assert.equal(await freeSlots({ ...deps, inFlight: { all: 1 } }), 2);
  await soon(async () => (await queue.counts()).inFlight === 3);
});

test('nobody is asked where there are no limits, and there is nothing to free where nobody has come yet', async (context) => {
  const { workflows, store } = await openDeps(context, `nobody-${aRef().id}`);
  assert.equal(await freeSlots({ workflows, store, inFlight: undefined }), undefined);
  assert.equal(await freeSlots({ workflows, store, inFlight: { all: 1 } }), 0);
});
