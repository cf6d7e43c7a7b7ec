/** `ktr kill`: ends jobs side by side. */
import { isFinal } from '../../workflows/contract.ts';
import type { Session } from '../deps.ts';
import { sentencesOf } from '../errors.ts';
import { EXIT } from '../exit-codes.ts';

/** Jobs that are killed at one time. */
const MAX_AT_ONCE = 8;

/**
 * Kills jobs, waits until nothing is left of them, and tells of each. What cannot be killed keeps no other one from being killed.
 * Resolves with 0 when all were, else with `EXIT.notDone`.
 */
export async function kill(session: Session, ids: readonly string[], options: { wait: boolean }): Promise<number> {
  const left = [...new Set(ids)];
  let code = 0;
  const killNext = async () => {
    for (let id = left.shift(); id !== undefined; id = left.shift()) {
      if (!(await killOne(session, id, options))) code = EXIT.notDone;
    }
  };
  await Promise.all(Array.from({ length: MAX_AT_ONCE }, killNext));
  return code;
}

/** True when it was killed, or will be. */
async function killOne(
  { client, terminal, server }: Session,
  id: string,
  { wait }: { wait: boolean },
): Promise<boolean> {
  try {
    const asked = await client.kill(id);
    const job = wait && !isFinal(asked.status) ? await client.waitFor(id, ({ status }) => isFinal(status)) : asked;
    terminal.say(`${job.name} ${isFinal(job.status) ? job.status : 'is being killed'}`);
    return true;
  } catch (error) {
    for (const line of sentencesOf(error, server.url)) terminal.say(terminal.style('red', `${id}: ${line}`));
    return false;
  }
}
