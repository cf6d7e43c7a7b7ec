/** A job as it goes, for somebody who looks on. */
import type { JobClient } from '../../client/client.ts';
import type { Job } from '../../client/types.ts';
import type { Terminal } from '../terminal.ts';
import { createLogTail } from './log-tail.ts';
import { createWaitingNotes } from './waiting-notes.ts';
import { stateLine } from '../show/states.ts';

/** How to look on. */
export interface FollowOptions {
  readonly signal: AbortSignal;
  /** Writes what the task says; absent when nobody wants to know. */
  readonly onLog?: ((bytes: Uint8Array) => Promise<void>) | undefined;
  /** Called when the job has ended; its log may still come. */
  readonly onEnd?: () => void;
}

/** Tells of each change until the job has ended, and writes its log meanwhile. Resolves with the job as it ended. */
export async function followJob(
  client: JobClient,
  id: string,
  terminal: Terminal,
  { signal, onLog, onEnd }: FollowOptions,
): Promise<Job> {
  const onLost = (error: unknown) => terminal.say(`the log cannot be had: ${(error as Error).message}`);
  const tail = createLogTail(client, id, onLog ?? (() => Promise.resolve()), { signal, onLost });
  const notes = createWaitingNotes(client, id, (line) => terminal.say(terminal.style('dim', line)));
  let last: Job | undefined;
  try {
    for await (const job of client.watch(id, { signal })) {
      const line = stateLine(job);
      if (last === undefined || stateLine(last) !== line) terminal.say(terminal.style('dim', line));
      notes.attend(job);
      if (onLog) tail.attend(job);
      last = job;
    }
    onEnd?.();
    await tail.untilEnd();
  } finally {
    notes.stop();
  }
  if (last === undefined) throw new Error(`job ${id} has no state`);
  return last;
}
