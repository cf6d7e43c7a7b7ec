/** What shells complete. */
import tab from '@bomb.sh/tab/commander';
import type { Command, Option } from 'commander';
import { JOB_STATUSES } from '../../workflows/contract.ts';

/** Names of arguments that are jobs. */
const JOBS = ['job', 'jobs'];

/** Names of values that are paths. */
const PATHS = ['path', 'place'];

/** How the library's scripts are told that the shell completes files by itself; the library never says so. */
const FILES = ':0\n';

/** The library's script for bash can switch the completion of files off, and expects it to be on. */
const BASH_FILES = 'complete -o default -F __ktr_complete ktr\n';

/** What somebody may mean who presses Tab. */
export interface Completable {
  /** Names of jobs that begin with `prefix`; what cannot be had completes nothing. */
  namesOf(prefix: string): Promise<readonly string[]>;
  write(text: string): Promise<void>;
}

/**
 * Adds `completion`, and the hidden command by which shells ask. Commands, options and their choices are known, names of jobs are asked for with
 * each Tab, and paths are left to the shell.
 */
export function addCompletion(program: Command, asked: Completable): void {
  const root = tab(program, { completionCommandName: 'completion' });
  let names: readonly string[] = [];
  let status = '';
  for (const { arguments: given } of root.commands.values())
    for (const argument of [...given.values()].filter(({ name }) => JOBS.includes(name)))
      argument.handler = (complete) => names.forEach((name) => complete(name, ''));
  const ofStatus = root.commands.get('ls')?.options.get('status');
  if (ofStatus) ofStatus.handler = (complete) => statusesAfter(status).forEach((value) => complete(value, ''));
  const named = (name: string) => program.commands.find((command) => command.name() === name);
  named('completion')?.hook('postAction', async ({ args: [shell] }) => {
    if (shell === 'bash') await asked.write(BASH_FILES);
  });
  named('complete')?.action(async (words: string[]) => {
    const place = placeIn(program, words);
    if (PATHS.includes(place)) return await asked.write(FILES);
    const last = words.at(-1) ?? '';
    status = last.slice(last.indexOf('=') + 1);
    names = JOBS.includes(place) ? await asked.namesOf(last).catch(() => []) : [];
    root.parse(words);
  });
}

/** The name of the value or argument that the last word is for; blank for anything else. */
export function placeIn(program: Command, words: readonly string[]): string {
  const at = words.findIndex((word) => program.commands.some((command) => command.name() === word));
  const command = program.commands.find((candidate) => candidate.name() === words[at]);
  const [before = '', last = ''] = words.slice(-2);
  if (command === undefined || at === words.length - 1) return '';
  const flag = last.startsWith('--') && last.includes('=') ? last.slice(0, last.indexOf('=')) : before;
  const option = command.options.find((candidate) => isCalled(candidate, flag));
  if (option?.required || option?.optional) return /[<[]([a-z]+)/.exec(option.flags)?.[1] ?? '';
  return last.startsWith('-') ? '' : argumentOf(command, words.slice(at + 1, -1));
}

function isCalled({ long, short }: Option, flag: string): boolean {
  return flag === long || flag === short;
}

/** The argument that comes after these words. */
function argumentOf({ options, registeredArguments }: Command, words: readonly string[]): string {
  const isValue = (flag = '') => options.some((option) => option.required && isCalled(option, flag));
  const given = words.filter((word, index) => !word.startsWith('-') && !isValue(words[index - 1]));
  const last = registeredArguments.at(-1);
  const argument = registeredArguments[given.length] ?? (last?.variadic ? last : undefined);
  return argument?.name() ?? '';
}

/** Statuses stand in a list with commas. */
function statusesAfter(text: string): string[] {
  const before = text.slice(0, text.lastIndexOf(',') + 1);
  const given = before.split(',');
  return [...JOB_STATUSES, 'all'].filter((status) => !given.includes(status)).map((status) => before + status);
}
