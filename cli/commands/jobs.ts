/** The commands about jobs that there are: `ls`, `get`, `logs`, `wait`, `explain`. */
import type { Job, JobFilter } from '../../client/types.ts';
import { isFinal } from '../../workflows/contract.ts';
import type { Session } from '../deps.ts';
import { UsageError } from '../errors.ts';
import { EXIT, exitCodeOf } from '../exit-codes.ts';
import { secondsOf } from '../job/durations.ts';
import { explainJob } from '../show/explain.ts';
import { formatJob, formatJobs } from '../show/formats.ts';
import type { Format } from '../show/formats.ts';
import { endLines } from '../show/states.ts';

/** Jobs that are asked for at one time. */
const PAGE = 100;

/** Options of `ls`. */
export interface ListOptions {
  readonly status: string;
  readonly namePrefix?: string;
  readonly label?: readonly string[];
  readonly limit: string;
  readonly output: Format;
}

/** Lists jobs, newest first. */
export async function ls({ client, terminal, nowMs }: Session, options: ListOptions): Promise<void> {
  const limit = countOf(options.limit, '--limit');
  const filter = {
    status: options.status.split(','),
    limit: Math.min(limit, PAGE),
    ...(options.namePrefix !== undefined && { name_prefix: options.namePrefix }),
    ...(options.label !== undefined && { label: [...options.label] }),
  } satisfies JobFilter;
  const jobs: Job[] = [];
  for await (const job of client.list(filter)) {
    if (jobs.length === limit) {
      terminal.say(`There are more; --limit ${limit * 10} shows them.`);
      break;
    }
    jobs.push(job);
  }
  await terminal.write(formatJobs(jobs, options.output, nowMs()));
  if (jobs.length === 0 && options.output === 'table') terminal.say(`No jobs of status ${options.status}.`);
}

/** Shows one job. */
export async function get(
  { client, terminal, nowMs }: Session,
  id: string,
  { output }: { output: Format },
): Promise<void> {
  await terminal.write(formatJob(await client.get(id), output, nowMs()));
}

/** Options of `logs`. */
export interface LogOptions {
  readonly follow?: boolean;
  readonly tail?: string;
  readonly container?: 'task' | 'input' | 'cleanup';
  readonly attempt?: string;
}

/** Writes a log. */
export async function logs({ client, terminal }: Session, id: string, options: LogOptions): Promise<void> {
  const { follow, container, tail, attempt } = options;
  const query = {
    ...(container !== undefined && { container }),
    ...(tail !== undefined && { tail: countOf(tail, '--tail') }),
    ...(attempt !== undefined && { attempt: countOf(attempt, '--attempt') }),
  };
  const log = follow === true ? client.followLog(id, query) : client.log(id, query);
  for await (const bytes of log) await terminal.write(bytes);
}

/** Waits for the end of jobs. Resolves with the exit code of the first one that did not succeed, or that of `timeout` when they take too long. */
export async function wait(
  { client, terminal }: Session,
  ids: readonly string[],
  { timeout }: { timeout?: string },
): Promise<number> {
  const signal = timeout === undefined ? undefined : AbortSignal.timeout(secondsOf(timeout, '--timeout') * 1000);
  try {
    const ended = await Promise.all(ids.map((id) => client.waitFor(id, ({ status }) => isFinal(status), { signal })));
    for (const line of ended.flatMap(endLines)) terminal.say(line);
    return ended.map(exitCodeOf).find((code) => code !== 0) ?? 0;
  } catch (error) {
    if (signal?.aborted !== true) throw error;
    terminal.say(`not ended within ${timeout}, and still going on: ${ids.join(', ')}`);
    return EXIT.timedOut;
  }
}

/** Says what a job waits for, or why it failed, and what to do. */
export async function explain({ client, terminal }: Session, id: string): Promise<void> {
  await terminal.write(explainJob(await client.get(id)));
}

function countOf(text: string, option: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new UsageError(`${option} must be a whole number, not ${JSON.stringify(text)}.`);
  return Number(text);
}
