/** Reading settings from a command line and an environment: a flag beats the variable of the same name. */
import { Command, CommanderError, Option } from 'commander';
import { z } from 'zod';
import { ConfigError, HelpRequested } from './errors.ts';
import { readersOf } from './settings.ts';

/** A map of environment variables, like `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Values of some settings, after their rules. */
export type Values<S extends z.ZodRawShape> = z.infer<z.ZodObject<S>>;
/** What was given, before its rules; absent and empty values left out. */
export type Raw = Readonly<Record<string, string>>;

const HELP =
  'Each flag may be given as an environment variable. The API and the worker take the same flags, so that they can share ' +
  'them. Temporal is found by the other variables of its own environment configuration, too.';
const GROUPS = { both: 'Both processes:', API: 'Read by the API:', worker: 'Read by the worker:' };

/** Settings that are well, and what was given for them. */
export interface Read<S extends z.ZodRawShape> {
  readonly values: Values<S>;
  readonly raw: Raw;
}

/**
 * Reads `settings` from the command line and the environment.
 * @param moreFaults faults over several settings; they are reported with all others
 * @throws ConfigError with every fault; HelpRequested for `--help`
 */
export function readSettings<S extends z.ZodRawShape>(
  processName: string,
  settings: S,
  argv: readonly string[],
  env: Environment,
  moreFaults: (raw: Raw) => string[],
): Read<S> {
  const flags = readFlags(processName, settings, argv);
  const raw = { ...readEnvironment(settings, env), ...flags.values };
  const parsed = z.object(settings).safeParse(raw);
  const faults = [...flags.faults, ...typeFaults(parsed.error, raw), ...moreFaults(raw)];
  if (!parsed.success || faults.length > 0) throw new ConfigError(faults);
  return { values: parsed.data, raw };
}

function readEnvironment(settings: z.ZodRawShape, env: Environment): Raw {
  const entries = Object.keys(settings).map((name) => [name, env[name]?.trim() ?? ''] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== ''));
}

function readFlags(processName: string, settings: z.ZodRawShape, argv: readonly string[]) {
  const options = Object.keys(settings).map((name) => [name, flagOf(name, settings)] as const);
  const program = new Command(`npm run start:${processName} --`)
    .description(HELP)
    .allowUnknownOption()
    .allowExcessArguments();
  for (const [, option] of options) program.addOption(option);
  const faults = parseFlags(program, argv);
  const given: Record<string, string | undefined> = program.opts();
  const entries = options.map(([name, option]) => [name, given[option.attributeName()] ?? ''] as const);
  return { values: Object.fromEntries(entries.filter(([, value]) => value !== '')), faults };
}

function flagOf(name: string, settings: z.ZodRawShape): Option {
  const flag = name.toLowerCase().replaceAll('_', '-');
  const description = z.globalRegistry.get(settings[name] as z.ZodType)?.description ?? '';
  return new Option(`--${flag} <value>`, `${name}: ${description}`).helpGroup(GROUPS[readersOf(name)]);
}

function parseFlags(program: Command, argv: readonly string[]): string[] {
  program.exitOverride().configureOutput({ writeOut: () => undefined, writeErr: () => undefined });
  try {
    program.parse(argv, { from: 'user' });
    return program.args.map((argument) => `unknown argument ${argument}`);
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.code === 'commander.helpDisplayed') throw new HelpRequested(program.helpInformation());
    return [error.message];
  }
}

/** Values are never echoed: some of them are secrets. */
function typeFaults(error: z.ZodError | undefined, raw: Raw): string[] {
  return (error?.issues ?? []).map((issue) => {
    const name = String(issue.path[0]);
    return name in raw ? `${name} ${issue.message}` : `${name} is required`;
  });
}
