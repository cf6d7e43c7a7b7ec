import { setTimeout as delay } from 'node:timers/promises';
import { Client, Connection, ScheduleOverlapPolicy } from '@temporalio/client';
import type { ScheduleHandle } from '@temporalio/client';
import type { PresentedJob } from '../../api/present.ts';
import { RECONCILE } from '../../workflows/names.ts';
import type { Reconciled } from '../../workflows/balance.ts';
import type { reconcile } from '../../workflows/reconcile.ts';
import { required } from './environment.ts';
import { call } from './job-client.ts';
import type { Closing } from './scope.ts';

/** The Temporal of the stack; the connection is closed when the test ends. */
export async function openClient(context: Closing): Promise<Client> {
  const connection = await Connection.connect({ address: required('TEMPORAL_ADDRESS') });
  context.after(() => connection.close());
  return new Client({ connection, namespace: required('TEMPORAL_NAMESPACE') });
}

/** Lets the schedule of the stack run once, after a run that is under way. Resolves with what that run did. */
export async function reconcileNow(client: Client): Promise<Reconciled> {
  const schedule = client.schedule.getHandle(RECONCILE);
  const before = await runsOf(schedule);
  await schedule.trigger(ScheduleOverlapPolicy.BUFFER_ALL);
  let run: Run | undefined;
  while (run === undefined) {
    await delay(100);
    run = (await runsOf(schedule)).find(({ runId }) => !before.some((known) => known.runId === runId));
  }
  return await client.workflow.getHandle<typeof reconcile>(run.workflowId, run.runId).result();
}

/**
 * Lets the schedule of the stack run until a job has ended: Temporal may list a closed workflow as open for a little longer, and the run
 * that ends the job may be somebody else's.
 */
export async function reconcileUntilEnded(client: Client, id: string): Promise<PresentedJob> {
  for (;;) {
    await reconcileNow(client);
    const { body } = await call('GET', `/batch/${id}`);
    if (body.data.phase === 'ended') return body.data;
  }
}

/** Lets the schedule of the stack run only when it is asked to, until the answer is called. */
export async function pauseReconciliation(): Promise<() => Promise<void>> {
  const connection = await Connection.connect({ address: required('TEMPORAL_ADDRESS') });
  const schedule = new Client({ connection, namespace: required('TEMPORAL_NAMESPACE') }).schedule.getHandle(RECONCILE);
  await schedule.pause();
  return async () => {
    await schedule.unpause();
    await connection.close();
  };
}

/** Two runs of one second have one workflow id. */
interface Run {
  readonly workflowId: string;
  readonly runId: string;
}

/** The newest runs. */
async function runsOf(schedule: ScheduleHandle): Promise<readonly Run[]> {
  const { info } = await schedule.describe();
  return info.recentActions.map(({ action: { workflow } }) => ({
    workflowId: workflow.workflowId,
    runId: workflow.firstExecutionRunId,
  }));
}
