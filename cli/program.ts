/** The command line of `ktr`. */
import { Command, Option } from 'commander';
import { addCompletion } from './program/completion.ts';
import { addContextCommands } from './program/contexts.ts';
import { addDevCommands } from './program/dev.ts';
import { addJobCommands } from './program/jobs.ts';
import { addRunCommands } from './program/run.ts';
import type { Carry, CliDeps, Session } from './deps.ts';
import { configPathOf, readConfig } from './settings/config-file.ts';
import { serverOf } from './settings/server.ts';
import type { ServerOptions } from './settings/server.ts';

const DESCRIPTION = 'Run a container image on files of yours, on Kubernetes, and get back what it wrote.';
const EXIT_CODES = `
Exit codes:
  run and wait end with the exit code of the task.
  124  the job ran out of time
  125  ktr could not do it: wrong use, no answer, a refusal
  126  the job failed by something other than its task
  130  left by Ctrl-C; the job may go on
  137  the job was killed

Environment: KTR_SERVER, KTR_API_KEY, KTR_CONTEXT, KTR_CONFIG, NO_COLOR`;

/** All commands; `end` is told the exit code of the one that was carried out. */
export function createProgram(deps: CliDeps, version: string, checkout: string, end: (code: number) => void): Command {
  const program = new Command('ktr')
    .exitOverride()
    .description(DESCRIPTION)
    .version(version)
    .addHelpText('after', EXIT_CODES)
    .enablePositionalOptions()
    .showHelpAfterError('(ktr help shows what there is)');
  let named: ServerOptions = {};
  program.hook('preAction', (_, command) => void (named = { ...program.opts(), ...command.opts() }));
  const open = async (): Promise<Session> => {
    const server = serverOf(named, deps.env, await readConfig(configPathOf(deps.env)));
    return { ...deps, server, client: deps.createClient(server) };
  };
  const carry: Carry = async (command) => end((await command(await open())) ?? 0);
  addRunCommands(program, carry);
  addJobCommands(program, carry);
  addContextCommands(program, deps, () => named);
  addServerOptions(program);
  addDevCommands(program, checkout, end);
  const namesOf = async (prefix: string) => await namesWith(prefix, await open());
  addCompletion(program, { namesOf, write: (text) => deps.terminal.write(text) });
  return program;
}

/** What somebody may mean who presses Tab; nobody waits for long then. */
async function namesWith(prefix: string, { client }: Session): Promise<string[]> {
  const { jobs } = await client.page(
    { status: ['all'], limit: 50, ...(prefix !== '' && { name_prefix: prefix }) },
    { maxTries: 1, signal: AbortSignal.timeout(1_500) },
  );
  return jobs.map(({ name }) => name);
}

/** They may stand before a command and behind it. */
function addServerOptions(command: Command): void {
  command.addOption(new Option('--server <url>', 'address of the service'));
  command.addOption(new Option('--context <name>', 'a service that was signed in to'));
  for (const below of command.commands) addServerOptions(below);
}
