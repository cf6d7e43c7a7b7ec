import type { Readable } from 'node:stream';
import type { Context } from 'koa';
import { isFinal } from '../../workflows/contract.ts';
import type { ContainerRole, Job } from '../../workflows/contract.ts';
import { attemptOf } from '../../workflows/state.ts';
import { isObjectMissing } from '../../bucket/errors.ts';
import { endWithCredential } from '../auth/outliving.ts';
import { principalOf } from '../auth/principal.ts';
import type { ApiDeps, JobLogOptions } from '../deps.ts';
import { doesNotExist } from '../errors.ts';
import { defined } from '../objects.ts';
import { parseLogsQuery } from '../schemas/query.ts';
import { lastLines, withoutFirst } from '../tail.ts';
import { departureOf } from './departure.ts';
import { askWorkflow, findJob } from './find.ts';

/** `GET /batch/:id/logs`: plain text, from the cluster while the job is there, from the bucket after. */
export function getBatchJobLogs(deps: ApiDeps) {
  return async (context: Context, id: string): Promise<void> => {
    const { container, attempt, follow, tail, offset } = parseLogsQuery(context.query);
    const job = await findJob(deps, principalOf(context), id);
    const options = defined({ follow, tailLines: tail, signal: departureOf(context) });
    const log = await openAttempt(deps, job, container, attempt ?? attemptOf(job), options);
    if (log === undefined) throw doesNotExist(absenceOf(job, container, attempt));
    context.type = 'text/plain; charset=utf-8';
    context.set('X-Content-Type-Options', 'nosniff');
    // A silent container is no reason to cut the line.
    if (follow) context.req.socket.setTimeout(0);
    if (follow) endWithCredential(deps, context);
    context.body = withoutFirst(log, offset);
    // The client learns that it is connected before the container says anything.
    if (follow) context.flushHeaders();
  };
}

function absenceOf({ id }: Job, container: ContainerRole, attempt?: number): string {
  const place = attempt === undefined ? '' : ` in attempt ${attempt}`;
  return `Batch job ${id} has no log of its ${container} container${place}.`;
}

/** Logs of attempts that others followed are kept; the present one may still speak. */
async function openAttempt(
  deps: ApiDeps,
  job: Job,
  container: ContainerRole,
  attempt: number,
  options: JobLogOptions,
): Promise<Readable | undefined> {
  const earlier = job.attempts?.[attempt - 1];
  if (earlier !== undefined) return await openKept(deps, earlier, container, options);
  return attempt === attemptOf(job) ? await openLog(deps, job, container, options) : undefined;
}

async function openLog(
  deps: ApiDeps,
  job: Job,
  container: ContainerRole,
  options: JobLogOptions,
): Promise<Readable | undefined> {
  const kept = await openKept(deps, job, container, options);
  if (kept !== undefined || isFinal(job.status)) return kept;
  const live = await deps.readLog(job, container, options);
  // The job may have ended between the two looks.
  return live ?? (await openKept(deps, await askWorkflow(deps, job), container, options));
}

async function openKept(
  { bucket }: ApiDeps,
  { logObjects }: Pick<Job, 'logObjects'>,
  container: ContainerRole,
  { tailLines, signal }: JobLogOptions,
): Promise<Readable | undefined> {
  const object = logObjects?.[container];
  if (object === undefined) return undefined;
  try {
    const log = await opened(bucket.read(object, { signal }));
    return tailLines === undefined ? log : lastLines(log, tailLines);
  } catch (error) {
    if (isObjectMissing(error)) return undefined;
    throw error;
  }
}

/** Resolves once the first bytes, or the end, are there: until then a failure can still become an answer. */
async function opened(stream: Readable): Promise<Readable> {
  const { promise, resolve, reject } = Promise.withResolvers<Readable>();
  const ready = () => {
    resolve(stream);
  };
  stream.once('readable', ready).once('end', ready).once('error', reject);
  return await promise.finally(() => stream.off('readable', ready).off('end', ready).off('error', reject));
}
