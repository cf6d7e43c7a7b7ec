/** `ktr`, the command line. */
import { join } from 'node:path';
import { CommanderError } from 'commander';
import { createClient } from '../client/client.ts';
import packageJson from '../package.json' with { type: 'json' };
import type { CliDeps } from './deps.ts';
import { sentencesOf } from './errors.ts';
import { EXIT } from './exit-codes.ts';
import { LeftRunning } from './live/interrupts.ts';
import { tellOnChange } from './live/tell-on-change.ts';
import { createProgram } from './program.ts';
import { processTerminal } from './terminal.ts';

const checkout = join(import.meta.dirname, '..');
const terminal = processTerminal(process);
let server = '';

const deps: CliDeps = {
  terminal,
  stdin: process.stdin,
  env: process.env,
  createClient(called) {
    server = called.url;
    // Calls side by side, and each of their tries, meet the same trouble.
    const tell = tellOnChange((line) => terminal.say(terminal.style('yellow', line)));
    const onTrouble = (error: unknown) => tell(`${(error as Error).message}; trying again`);
    return createClient(called, { onTrouble });
  },
  onInterrupt(handle) {
    process.on('SIGINT', handle);
    return () => process.off('SIGINT', handle);
  },
  nowMs: Date.now,
};

// Whoever reads a result may have seen enough of it.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : EXIT.notDone));

try {
  const program = createProgram(deps, packageJson.version, checkout, (code) => (process.exitCode = code));
  await program.parseAsync();
} catch (error) {
  process.exitCode = exitCodeFor(error);
}

function exitCodeFor(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT.notDone;
  if (error instanceof LeftRunning) {
    terminal.say(
      `${error.message} goes on; \`ktr wait ${error.message}\` waits for its end, \`ktr kill ${error.message}\` kills it`,
    );
    return EXIT.interrupted;
  }
  for (const line of sentencesOf(error, server)) terminal.say(terminal.style('red', line));
  return EXIT.notDone;
}
