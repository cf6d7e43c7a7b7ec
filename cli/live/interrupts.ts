/** What Ctrl-C means to somebody who looks on at a job. */
import { select } from '@inquirer/prompts';
import type { Terminal } from '../terminal.ts';

/** What to do with a job that goes on. */
export type Choice = 'leave' | 'kill' | 'stay';

/** Thrown when somebody leaves a job that goes on. */
export class LeftRunning extends Error {
  override readonly name = 'LeftRunning';
}

/** Asks what to do; where nobody can be asked the job is left as it is. A second Ctrl-C leaves it, too. */
export async function askWhatToDo(terminal: Terminal, name: string): Promise<Choice> {
  if (!terminal.canAsk) return 'leave';
  try {
    return await select<Choice>(
      {
        message: `${name} goes on. What now?`,
        choices: [
          { name: 'leave it running', value: 'leave' },
          { name: 'kill it', value: 'kill' },
          { name: 'go on looking', value: 'stay' },
        ],
      },
      { output: terminal.stream },
    );
  } catch {
    return 'leave';
  }
}
