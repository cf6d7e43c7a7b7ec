/** What Ctrl-C means to somebody who looks on at a job. */
import { select } from '@inquirer/prompts';
import type { Terminal } from '../terminal.ts';

/** What to do with a job that goes on. */
export type Choice = 'leave' | 'kill' | 'stay';

/** Thrown when somebody leaves a job that goes on. */
export class LeftRunning extends Error {
  override readonly name = 'LeftRunning';
}

const CHOICES = [
  { name: 'leave it running', value: 'leave' },
  { name: 'kill it', value: 'kill' },
  { name: 'go on looking', value: 'stay' },
] as const;

/**
 * Asks what to do; where nobody can be asked the job is left as it is. A second Ctrl-C leaves it, too.
 * @param ended takes the question back, as there is nothing to decide any more
 */
export async function askWhatToDo(terminal: Terminal, name: string, ended: AbortSignal): Promise<Choice> {
  if (ended.aborted) return 'stay';
  if (!terminal.canAsk) return 'leave';
  const question = { message: `${name} goes on. What now?`, choices: CHOICES };
  try {
    return await terminal.ask((output) => select<Choice>(question, { output, signal: ended }));
  } catch {
    return ended.aborted ? 'stay' : 'leave';
  }
}
