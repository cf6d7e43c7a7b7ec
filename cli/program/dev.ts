/** The stack on this machine. */
import type { Command } from 'commander';
import { dev } from '../commands/dev.ts';

const COMMANDS = {
  up: 'start what does not run',
  down: 'stop everything; data stay',
  status: 'show what runs and where',
  demo: 'start what does not run, and run one job',
} as const;

/** Adds `dev`. */
export function addDevCommands(program: Command, checkout: string, end: (code: number) => void): void {
  const group = program.command('dev').description('the whole service on this machine, from a checkout');
  for (const [name, description] of Object.entries(COMMANDS)) {
    group
      .command(name)
      .description(description)
      .action(async () => end(await dev(checkout, [name])));
  }
}
