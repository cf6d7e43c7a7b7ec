/** What the task of a job writes, as it comes, attempt after attempt. */
import { isMissing } from '../../client/errors.ts';
import type { JobClient } from '../../client/client.ts';
import type { Job } from '../../client/types.ts';

/** Follows a log for as long as somebody tells it how the job goes. */
export interface LogTail {
  /** The job as it is now. */
  attend(job: Job): void;
  /** Resolves when all has been written. Nothing more is attended to. */
  untilEnd(): Promise<void>;
}

/** Phases in which the task has been started. */
const STARTED: readonly Job['phase'][] = ['running', 'uploading', 'deleting', 'ended'];

/** Writes each byte once, in order. */
export function createLogTail(
  client: Pick<JobClient, 'followLog'>,
  id: string,
  write: (bytes: Uint8Array) => Promise<void>,
  { signal, onLost }: { readonly signal: AbortSignal; readonly onLost: (error: unknown) => void },
): LogTail {
  let attempt = 0;
  let reading = Promise.resolve();

  async function copy(wanted: number): Promise<void> {
    try {
      for await (const bytes of client.followLog(id, { signal, attempt: wanted })) await write(bytes);
    } catch (error) {
      signal.throwIfAborted();
      // A log that cannot be had says nothing of how the job goes.
      if (!isMissing(error)) onLost(error);
    }
  }

  return {
    attend(job) {
      const present = (job.attempts?.length ?? 0) + 1;
      const last = STARTED.includes(job.phase) ? present : present - 1;
      for (; attempt < last; attempt += 1) {
        const next = attempt + 1;
        reading = reading.then(() => copy(next));
      }
      reading.catch(() => undefined);
    },
    untilEnd: () => reading,
  };
}
