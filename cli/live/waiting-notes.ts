/** Why a job waits, told when it waits for long. */
import type { JobClient } from '../../client/client.ts';
import type { Job } from '../../client/types.ts';

/** Tells what a job waits for. */
export interface WaitingNotes {
  /** The job has changed. */
  attend(job: Job): void;
  stop(): void;
}

const LOOK_EVERY_MS = 5_000;

/** Says what the job waits for, each time when that changes. */
export function createWaitingNotes(
  client: Pick<JobClient, 'get'>,
  id: string,
  say: (line: string) => void,
): WaitingNotes {
  let [timer, said] = [undefined as NodeJS.Timeout | undefined, ''];
  const look = async () => {
    const { explain = '' } = await client.get(id, { maxTries: 1 });
    if (explain !== '' && explain !== said) say(`  waits: ${explain}`);
    said = explain;
  };
  const stop = () => clearInterval(timer);
  return {
    attend({ phase }) {
      stop();
      // What runs does not wait.
      if (phase === 'running' || phase === 'ended') return;
      timer = setInterval(() => void look().catch(() => undefined), LOOK_EVERY_MS);
    },
    stop,
  };
}
