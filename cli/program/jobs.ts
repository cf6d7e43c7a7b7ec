/** The commands about jobs that there are. */
import { Argument, Option } from 'commander';
import type { Command } from 'commander';
import { download } from '../commands/download.ts';
import { explain, get, logs, ls, wait } from '../commands/jobs.ts';
import type { ListOptions, LogOptions } from '../commands/jobs.ts';
import { kill } from '../commands/kill.ts';
import type { Carry } from '../deps.ts';
import { FORMATS } from '../show/formats.ts';
import type { Format } from '../show/formats.ts';

/** Adds `ls`, `get`, `logs`, `kill`, `wait`, `download` and `explain`. */
export function addJobCommands(program: Command, carry: Carry): void {
  program
    .command('ls')
    .description('list jobs, newest first')
    .option(
      '-s, --status <statuses>',
      'created, running, cleaning, succeeded, failed, killed; several by comma, or all',
      'all',
    )
    .option('--name-prefix <text>', 'jobs whose names begin so')
    .addOption(new Option('-l, --label <name=value>').argParser((value, before: string[] = []) => [...before, value]))
    .option('-n, --limit <count>', 'most jobs', '20')
    .addOption(format())
    .action((options: ListOptions) => carry((session) => ls(session, options)));
  program
    .command('get')
    .description('show a job')
    .addArgument(job())
    .addOption(format())
    .action((id: string, options: { output: Format }) => carry((session) => get(session, id, options)));
  program
    .command('logs')
    .description('write the log of a job')
    .addArgument(job())
    .option('-f, --follow', 'go on until its container ends')
    .option('--tail <lines>', 'begin so many lines before the end')
    .addOption(new Option('-c, --container <name>', 'whose log').choices(['task', 'input', 'cleanup']))
    .option('--attempt <number>', 'of an earlier attempt')
    .action((id: string, options: LogOptions) => carry((session) => logs(session, id, options)));
  program
    .command('kill')
    .description('kill jobs side by side, and wait until nothing is left of them')
    .argument('<jobs...>', 'ids or names')
    .option('--no-wait', 'do not wait')
    .action((ids: string[], options: { wait: boolean }) => carry((session) => kill(session, ids, options)));
  program
    .command('wait')
    .description('wait for the end of jobs, and end as the first one that did not succeed')
    .argument('<jobs...>', 'ids or names')
    .option('--timeout <duration>', 'wait no longer')
    .action((ids: string[], options: { timeout?: string }) => carry((session) => wait(session, ids, options)));
  program
    .command('download')
    .description('bring the output of a job')
    .addArgument(job())
    .argument('[place]', 'a folder, or a file that ends in .zip; without it a folder of its name')
    .action((id: string, place?: string) => carry((session) => download(session, id, place)));
  program
    .command('explain')
    .description('say what a job waits for, or why it failed, and what to do')
    .addArgument(job())
    .action((id: string) => carry((session) => explain(session, id)));
}

function job(): Argument {
  return new Argument('<job>', 'id or name');
}

function format(): Option {
  return new Option('-o, --output <format>', 'how it is written').choices(FORMATS).default('table');
}
