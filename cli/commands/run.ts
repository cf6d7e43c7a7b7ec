/** `ktr run`: a job from its files to its result, as if it ran here. */
import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import type { Job, JobRequest } from '../../client/types.ts';
import type { Session } from '../deps.ts';
import { UsageError } from '../errors.ts';
import { exitCodeOf } from '../exit-codes.ts';
import { findInput } from '../job/input.ts';
import type { FoundInput } from '../job/input.ts';
import { requestOf } from '../job/request.ts';
import type { JobOptions } from '../job/request.ts';
import { assertFree } from '../job/result.ts';
import { createProgress } from '../progress.ts';
import type { Progress } from '../progress.ts';
import { endLines } from '../show/states.ts';
import { bring } from './download.ts';
import { lookOn } from './look-on.ts';

/** Options of `submit`, as they are given. */
export interface SubmitOptions extends Omit<JobOptions, 'envFiles'> {
  /** A folder, a zip, `-`, `gs://bucket/object`, or `job:NAME`. */
  readonly input?: string;
  /** A request as YAML or JSON, which the other options go over. */
  readonly file?: string;
  readonly envFile?: readonly string[];
  readonly idempotencyKey?: string;
}

/** Options of `run`. */
export interface RunOptions extends SubmitOptions {
  /** Where the output is brought: a folder, or a file whose name ends in `.zip`. */
  readonly output?: string;
}

/** Sends a job, looks on until it has ended, and brings its output. Resolves with the exit code. */
export async function run(session: Session, options: RunOptions, words: readonly string[]): Promise<number> {
  if (options.output !== undefined) await assertFree(options.output);
  const sent = await submit(session, options, words);
  session.terminal.say(`${sent.name} (${sent.id})`);
  const job = await lookOn(session, sent, (bytes) => session.terminal.write(bytes));
  if (options.output !== undefined && job.output !== undefined) await bring(session, job, options.output);
  for (const line of endLines(job)) session.terminal.say(line);
  return exitCodeOf(job);
}

/** Sends a job with its files. */
export async function submit(session: Session, options: SubmitOptions, words: readonly string[]): Promise<Job> {
  const { terminal, env } = session;
  const envFiles = await Promise.all((options.envFile ?? []).map((path) => readText(path)));
  const fromFile = options.file === undefined ? {} : requestIn(options.file, await readText(options.file));
  const request = requestOf(fromFile, { ...options, envFiles }, words, env);
  let progress: Progress | undefined;
  const found = await inputOf(session, options, () => progress);
  if (found !== undefined && 'sent' in found) progress = createProgress(terminal, 'Sending', found.sent.sizeBytes);
  try {
    return await session.client.submit(withNamed(request, found), {
      ...(found !== undefined && 'sent' in found && { input: found.sent.input }),
      ...(options.idempotencyKey !== undefined && { idempotencyKey: options.idempotencyKey }),
    });
  } finally {
    progress?.stop();
  }
}

async function inputOf(
  { stdin }: Session,
  { input }: SubmitOptions,
  progress: () => Progress | undefined,
): Promise<FoundInput | undefined> {
  if (input === undefined) return undefined;
  return await findInput(
    input,
    stdin,
    (sizeBytes) => progress()?.add(sizeBytes),
    () => progress()?.restart(),
  );
}

function withNamed(request: JobRequest, found: FoundInput | undefined): JobRequest {
  if (found === undefined || !('named' in found)) return request;
  return { ...request, job_parameters: { ...request.job_parameters, ...found.named } };
}

async function readText(path: string): Promise<string> {
  return await readFile(path, 'utf8').catch((error: unknown) => {
    throw new UsageError(`${path} cannot be read: ${(error as Error).message}`);
  });
}

/** A file holds the request as the API takes it, or its parameters alone. */
function requestIn(path: string, text: string): Partial<JobRequest> {
  try {
    const parsed = parse(text) as Partial<JobRequest> & JobRequest['job_parameters'];
    return 'job_parameters' in parsed ? parsed : { job_parameters: parsed };
  } catch (error) {
    throw new UsageError(`${path} is no YAML or JSON: ${(error as Error).message}`);
  }
}
