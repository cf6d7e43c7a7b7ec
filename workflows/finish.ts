import { log, proxyActivities } from '@temporalio/workflow';
import type { Examined } from '../activities/examine.ts';
import type { Activities } from '../activities/index.ts';
import type { Job, JobRole, LogObjects } from './contract.ts';
import type { Observation } from './observation.ts';
import { isEnd, refOf } from './observation.ts';
import { forcedEnd } from './forced-end.ts';
import { hasSaidSomething, ofBoth } from './logs.ts';
import { attemptRefOf, containersOf, graceMsOf } from './state.ts';
import { LOG_RETRY, STOP_MS } from './steps.ts';

/** What was done for jobs whose workflows were ended by force. */
export interface Finished {
  /** Names of those that have ended now. */
  readonly finished: readonly string[];
  /** Those that could not be ended, and why: the next run tries again. */
  readonly unfinished: readonly string[];
}

type Ref = Pick<Job, 'id' | 'name'>;

// A server that is away for longer leaves the job to the next run: none of them may hold up all others.
const RETRY = { initialInterval: '250ms', maximumInterval: '10s' } as const;
const steps = proxyActivities<Activities>({ startToCloseTimeout: '30s', scheduleToCloseTimeout: '2m', retry: RETRY });
const BEST_EFFORT = { heartbeatTimeout: '30s', retry: LOG_RETRY } as const;
const bestEffort = proxyActivities<Activities>({
  ...BEST_EFFORT,
  startToCloseTimeout: '40s',
  scheduleToCloseTimeout: '2m',
});
const remove = proxyActivities<Activities>({
  startToCloseTimeout: '2m',
  scheduleToCloseTimeout: '2m',
  heartbeatTimeout: '30s',
  retry: RETRY,
});

/** Ends each of these jobs, side by side; one that cannot be ended stops no other. */
export async function finishAll(refs: readonly Ref[]): Promise<Finished> {
  const results = await Promise.allSettled(refs.map(finish));
  const unfinished = results.flatMap((result, at) =>
    result.status === 'rejected' ? [`${refs[at]?.name}: ${wordsOf(result.reason)}`] : [],
  );
  return { finished: results.flatMap((result) => (result.status === 'fulfilled' ? result.value : [])), unfinished };
}

/** As the job's own ending goes: logs kept, everything of it taken back, and only then the truth recorded. */
async function finish(ref: Ref): Promise<string[]> {
  const examined = await steps.examine(ref);
  if (!examined) return [];
  const { job, cause, inputObject } = examined;
  const logObjects = await keepLogs(examined);
  await remove.delete({ id: ref.id, name: ref.name });
  await steps.discard(ref.name, inputObject, true);
  await steps.record(forcedEnd({ ...job, ...(logObjects && { logObjects }) }, cause, Date.now()));
  return [ref.name];
}

/** The logs that are kept of the job; a log that cannot be kept changes nothing else. */
async function keepLogs({ job, seen }: Examined): Promise<LogObjects | undefined> {
  const keep = (role: JobRole) =>
    keepLogsOf(
      job,
      seen.find((observation) => observation.role === role),
    );
  const kept = await ofBoth(refOf(job), keep);
  const all = kept.reduce((sum, more) => ({ ...sum, ...more }), job.logObjects ?? {});
  return Object.keys(all).length > 0 ? all : undefined;
}

/** Stops a pod whose containers have `graceMs` to end. */
function stopping(graceMs: number): Activities['stop'] {
  const startToCloseTimeout = graceMs + STOP_MS;
  const scheduleToCloseTimeout = 3 * startToCloseTimeout;
  const { stop } = proxyActivities<Activities>({ ...BEST_EFFORT, startToCloseTimeout, scheduleToCloseTimeout });
  return (ref, role, podName, containers) => stop(ref, role, podName, containers, false, graceMs);
}

async function keepLogsOf(job: Job, seen: Observation | undefined): Promise<LogObjects> {
  if (seen === undefined) return {};
  const { name, hasInput, logObjects = {} } = job;
  const containers = containersOf(seen.role, hasInput).filter((container) => logObjects[container] === undefined);
  if (seen.podName === undefined || !hasSaidSomething(seen) || containers.length === 0) return {};
  const keep = isEnd(seen.stage) ? bestEffort.logs : stopping(graceMsOf(job.parameters));
  try {
    return await keep(attemptRefOf(job), seen.role, seen.podName, containers);
  } catch (error) {
    log.warn('the logs could not be kept', { name, role: seen.role, error });
    return {};
  }
}

/** The words of whoever refused, beneath what Temporal says of the step and its time. */
function wordsOf(error: unknown): string {
  if (error instanceof Error && error.cause instanceof Error) return wordsOf(error.cause);
  return error instanceof Error ? error.message : String(error);
}
