/** `run` and `submit`, with the options that say what a job is. */
import { Option } from 'commander';
import type { Command } from 'commander';
import { run, submit } from '../commands/run.ts';
import type { RunOptions, SubmitOptions } from '../commands/run.ts';
import type { Carry } from '../deps.ts';
import { FORMATS, formatJob } from '../show/formats.ts';
import type { Format } from '../show/formats.ts';

const EXAMPLE = `
Example:
  ktr run --image python:3.12 --input ./data --output ./result -- python /input/main.py`;

/** Adds `run` and `submit`. */
export function addRunCommands(program: Command, carry: Carry): void {
  withJobOptions(program.command('run'))
    .description('run a job, look on, and bring what it wrote')
    .option('--output <place>', 'a folder, or a file that ends in .zip, for what the task leaves in /output')
    .addHelpText('after', EXAMPLE)
    .action((words: string[], options: RunOptions) => carry((session) => run(session, options, words)));
  withJobOptions(program.command('submit'))
    .description('send a job, and print its id')
    .addOption(new Option('-o, --output <format>', 'what is printed of it').choices(['id', ...FORMATS]).default('id'))
    .action((words: string[], { output, ...options }: SubmitOptions & { output: Format | 'id' }) =>
      carry(async (session) => {
        const job = await submit(session, options, words);
        await session.terminal.write(output === 'id' ? `${job.id}\n` : formatJob(job, output, session.nowMs()));
      }),
    );
}

function withJobOptions(command: Command): Command {
  return command
    .argument('[words...]', 'what the container is run with, in place of the CMD of its image')
    .passThroughOptions()
    .option('-i, --image <image>', 'the image that is run')
    .option('--name <name>', 'name of the job; made up without it')
    .option(
      '--input <place>',
      'a folder, a zip, - for a zip on standard input, gs://bucket/object, or job:NAME for that of another job; the task finds it in /input',
    )
    .option('-f, --file <path>', 'the request as YAML or JSON; options go over it')
    .option('--entrypoint <word>', 'what is run in place of the ENTRYPOINT of the image')
    .addOption(many('-e, --env <name[=value]>', 'a variable of the environment; without a value, that of this shell'))
    .addOption(many('--env-file <path>', 'a file of them'))
    .addOption(many('--sensitive-env <name[=value]>', 'one that nobody but the task may read'))
    .addOption(many('--secret-env <name=secret/key>', 'one from a Secret of the cluster'))
    .option('--cpu <quantity>', 'most CPU, like 500m or 2')
    .option('--memory <quantity>', 'most memory, like 512Mi or 4Gi')
    .option('--gpu <count>', 'GPUs of NVIDIA')
    .addOption(many('--resource <name=quantity>', 'any other resource of Kubernetes'))
    .option('--timeout <duration>', 'most time that the task may run, like 90s or 1h30m')
    .option('--start-timeout <duration>', 'most time until it runs')
    .option('--grace <duration>', 'time that it has to end when it is stopped')
    .addOption(new Option('--outputs-on <when>', 'when the output is kept').choices(['success', 'always']))
    .option('--ephemeral', 'one pod, and no claims: quicker, for short jobs whose files fit on a node')
    .option('--storage-size <quantity>', 'size of /input and of /output')
    .option('--storage-class <name>', 'storage class of the claims')
    .addOption(many('--node-selector <name=value>', 'a label that the node must have'))
    .addOption(many('-l, --label <name=value>', 'a label of the job'))
    .option('--priority-class <name>', 'priority class of the pods')
    .option('--queue <name>', 'queue of Kueue')
    .addOption(new Option('--pull <when>', 'when the image is pulled').choices(['Always', 'IfNotPresent', 'Never']))
    .option('--attempts <count>', 'most attempts, the first among them')
    .addOption(many('--retry-on <reason|exit code>', 'what is tried again'))
    .option('--memory-factor <number>', 'so many times the memory after a task that ran out of it')
    .option('--idempotency-key <key>', 'requests with one key are one job');
}

/** An option that may be given several times. */
function many(flags: string, description: string): Option {
  return new Option(flags, description).argParser((value, before: string[] = []) => [...before, value]);
}
