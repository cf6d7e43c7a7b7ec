/** What shells complete. */
import tab from '@bomb.sh/tab/commander';
import type { Command } from 'commander';

/** Names of arguments that are jobs. */
const JOBS = ['job', 'jobs'];

/**
 * Adds `completion`, and the hidden command by which shells ask. Commands and options are known; names of jobs are asked for with each Tab.
 * @param recentNames names of jobs; what cannot be had completes nothing
 */
export function addCompletion(program: Command, recentNames: () => Promise<readonly string[]>): void {
  const root = tab(program, { completionCommandName: 'completion' });
  let names: readonly string[] = [];
  const ofJobs = [...root.commands.values()].flatMap(({ value, arguments: given }) =>
    [...given.values()].filter(({ name }) => JOBS.includes(name)).map((argument) => ({ value, argument })),
  );
  for (const { argument } of ofJobs) argument.handler = (complete) => names.forEach((name) => complete(name, ''));
  program.hook('preAction', async (_, command) => {
    const [word] = command.args;
    if (command.name() !== 'complete' || !ofJobs.some(({ value }) => value === word)) return;
    names = await recentNames().catch(() => []);
  });
}
