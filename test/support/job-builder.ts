import { randomUUID } from 'node:crypto';
import { workflowIdOf } from '../../workflows/names.ts';
import type { Job } from '../../workflows/contract.ts';

/** A new job with a name of its own; `changes` says what the test is about. */
export function aJob(changes: Partial<Job> = {}): Job {
  const id = changes.id ?? randomUUID();
  const name = changes.name ?? `job-${id.slice(0, 8)}`;
  return {
    id,
    name,
    workflowId: workflowIdOf(name),
    status: 'created',
    phase: 'preparing',
    revision: 0,
    created: 1_527_121_792_553,
    parameters: { docker_image: 'python' },
    hasInput: false,
    killRequested: false,
    ...changes,
  };
}

/** A job that has written an output. */
export function aSucceededJob(changes: Partial<Job> = {}): Job {
  const name = changes.name ?? `job-${randomUUID().slice(0, 8)}`;
  return aJob({
    name,
    status: 'succeeded',
    phase: 'ended',
    revision: 9,
    startTime: 1_527_121_793_000,
    stopTime: 1_527_121_886_591,
    exitCode: 0,
    output: { object: `${name}-output.zip`, sizeBytes: 22, crc32c: 'AAAAAA==', files: 0, complete: true },
    ...changes,
  });
}
