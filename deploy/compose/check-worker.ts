/** Health check of the worker's container: 0 when Temporal sees this container poll our task queue, 1 when it does not. */
import { hostname } from 'node:os';
import { Connection } from '@temporalio/client';
import { configOrExit, loadWorkerConfig } from '../../config.ts';
import { TASK_QUEUE } from '../../workflows/contract.ts';

/** A poll that finds nothing lasts a minute. */
const SILENCE_LIMIT_MS = 2 * 60_000;
const DEADLINE_MS = 4_000;
/** Temporal's number of the queue that carries activities. */
const ACTIVITY_QUEUE = 2;

const { connectionOptions, namespace } = configOrExit(loadWorkerConfig).temporal;
const connection = await Connection.connect({ ...connectionOptions, connectTimeout: DEADLINE_MS });
const { pollers } = await connection.withDeadline(Date.now() + DEADLINE_MS, () =>
  connection.workflowService.describeTaskQueue({
    namespace,
    taskQueue: { name: TASK_QUEUE },
    taskQueueType: ACTIVITY_QUEUE,
  }),
);
const isPolling = (pollers ?? []).some(({ identity, lastAccessTime }) => {
  const lastMs = Number(lastAccessTime?.seconds ?? 0) * 1000;
  return identity?.endsWith(`@${hostname()}`) && Date.now() - lastMs < SILENCE_LIMIT_MS;
});
await connection.close();
process.exit(isPolling ? 0 : 1);
