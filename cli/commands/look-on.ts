/** Looking on at a job, with a way out. */
import type { Job } from '../../client/types.ts';
import type { Session } from '../deps.ts';
import { followJob } from '../live/follow-job.ts';
import { askWhatToDo, LeftRunning } from '../live/interrupts.ts';

/**
 * Tells how a job goes until it has ended. Ctrl-C asks what to do with it.
 * @throws LeftRunning when somebody leaves it
 */
export async function lookOn(
  session: Session,
  { id, name }: Pick<Job, 'id' | 'name'>,
  onLog?: (bytes: Uint8Array) => Promise<void>,
): Promise<Job> {
  const leaving = new AbortController();
  const ended = new AbortController();
  const release = session.onInterrupt(() => {
    void decide(session, { id, name }, { leaving, ended: ended.signal });
  });
  const options = { signal: leaving.signal, onLog, onEnd: () => ended.abort() };
  try {
    return await followJob(session.client, id, session.terminal, options);
  } finally {
    release();
  }
}

async function decide(
  { client, terminal }: Session,
  { id, name }: Pick<Job, 'id' | 'name'>,
  { leaving, ended }: { readonly leaving: AbortController; readonly ended: AbortSignal },
): Promise<void> {
  const choice = await askWhatToDo(terminal, name, ended);
  if (choice === 'leave') leaving.abort(new LeftRunning(name));
  // Its end comes the usual way.
  if (choice === 'kill') await client.kill(id).catch((error: unknown) => terminal.say((error as Error).message));
}
