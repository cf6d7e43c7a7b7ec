import type { Attempt, ContainerRole, Job, JobPhase, JobRequest, JobRole, JobStatus } from './contract.ts';
import type { AttemptSpec, CleanupPlacement, JobRef, Observation, ObservedStage } from './observation.ts';
import { workflowIdOf } from './names.ts';
import { isEnd, refOf } from './observation.ts';
import { DEFAULT_GRACE_SECONDS } from './parameters.ts';
import type { JobParameters } from './parameters.ts';
import { memoryFactorOf } from './retry.ts';

/** The job as it stands when its workflow starts: what the API mirrors at revision 0. */
export function initialJob(request: JobRequest): Job {
  const phase = request.isQueued ? 'queued' : 'preparing';
  return {
    id: request.id,
    name: request.name,
    workflowId: workflowIdOf(request.name),
    status: 'created',
    phase,
    revision: 0,
    created: request.created,
    phaseTimes: { [phase]: request.created },
    ...(request.owner !== undefined && { owner: request.owner }),
    parameters: request.parameters,
    hasInput: request.input !== undefined,
    killRequested: false,
  };
}

/** The containers of a pod of this role. */
export function containersOf(role: JobRole, hasInput: boolean): readonly ContainerRole[] {
  if (role === 'cleanup') return ['cleanup'];
  return hasInput ? ['input', 'task'] : ['task'];
}

/** How long a container of the task has from its SIGTERM on, in milliseconds. */
export function graceMsOf({ grace_seconds = DEFAULT_GRACE_SECONDS }: JobParameters): number {
  return grace_seconds * 1000;
}

/** Which attempt of the job is under way, or was the last; the first is 1. */
export function attemptOf({ attempts = [] }: Pick<Job, 'attempts'>): number {
  return attempts.length + 1;
}

/** What names the present attempt to the steps; its number stands there from the second on. */
export function attemptRefOf(job: Pick<Job, 'id' | 'name' | 'attempts' | 'parameters'>): JobRef {
  const attempt = attemptOf(job);
  return { ...refOf(job), ...(attempt > 1 && { attempt }) };
}

/** What the next attempt needs to know of those before; undefined for the first. */
export function attemptSpecOf({ attempts = [], parameters }: Job): AttemptSpec | undefined {
  if (attempts.length === 0) return undefined;
  return { attempt: attempts.length + 1, memoryFactor: memoryFactorOf(attempts, parameters.retry) };
}

/**
 * The job when an attempt has failed and another one follows. What the task did before, it does again: who has seen it run, sees it
 * as running all the time.
 */
export function withNextAttempt(job: Job, ended: Attempt): Job {
  const { exitCode: _code, clusterResponse: _response, logObjects: _logs, phaseTimes: _times, ...kept } = job;
  return {
    ...kept,
    status: job.status === 'created' ? 'created' : 'running',
    phase: 'preparing',
    attempts: [...(job.attempts ?? []), ended],
    revision: job.revision + 1,
  };
}

/** What the cleanup pod has to know of the request: it may run where the task may, as the volume is there. */
export function placementOf({ parameters, startTimeoutMs, transferTimeoutMs }: JobRequest): CleanupPlacement {
  const { node_selector, tolerations, priority_class } = parameters;
  return {
    startTimeoutMs,
    transferTimeoutMs,
    ...(node_selector && { node_selector }),
    ...(tolerations && { tolerations }),
    ...(priority_class && { priority_class }),
  };
}

/** `job` with the time at which its phase began, when it is new. The end of a job has a time of its own. */
export function withPhaseTime(job: Job, nowMs: number): Job {
  const { phase, phaseTimes = {} } = job;
  if (phase === 'ended' || phaseTimes[phase] !== undefined) return job;
  return { ...job, phaseTimes: { ...phaseTimes, [phase]: nowMs } };
}

/** The job with `change`; the revision grows only when something is really different. */
export function changed(job: Job, change: Partial<Job>): Job {
  const isDifferent = Object.entries(change).some(([key, value]) => job[key as keyof Job] !== value);
  return isDifferent ? { ...job, ...change, revision: job.revision + 1 } : job;
}

/**
 * True of a state that follows from what was observed alone, or from an output that is published, after which a kill comes too late.
 * Whoever works it out again after other news came, a kill perhaps, gets the same or later revisions, not earlier ones, and no other end.
 */
export function isCertain({ status, phase, failure, killRequested, output }: Job): boolean {
  if (failure || killRequested) return false;
  switch (phase) {
    case 'starting':
    case 'downloading':
    case 'running':
      return true;
    case 'uploading':
      return status === 'cleaning';
    case 'deleting':
      return output !== undefined;
    case 'ended':
      return output !== undefined && status === 'succeeded';
    default:
      return false;
  }
}

/** What an observation of the task says about the job while the task runs: nothing more once the job is past that. */
export function withTask(job: Job, observation: Observation): Job {
  if (!isTaskTime(job.status)) return job;
  return changed(job, {
    ...(!isPastTask(job.phase) && { ...stageChange(observation.stage), ...runChange(observation) }),
    ...startChange(job, observation),
    ...exitChange(observation),
  });
}

/** How far a stage is: an observation that is behind what is known already is late, and is left aside. */
const RANKS: Readonly<Record<ObservedStage, number>> = {
  pending: 0,
  downloading: 1,
  downloaded: 2,
  running: 3,
  missing: 4,
  succeeded: 4,
  failed: 4,
};

/** True when `next` may take the place of `known`: of the same Kubernetes Job, and not behind. */
export function isNews(known: Observation | undefined, next: Observation): boolean {
  if (!known) return true;
  if (next.jobUid !== undefined && known.jobUid !== next.jobUid) return false;
  return RANKS[next.stage] >= RANKS[known.stage] && !isEnd(known.stage);
}

function isTaskTime(status: JobStatus): boolean {
  return status === 'created' || status === 'running';
}

/** A job that is taken down, or whose output is kept, says so, whatever its task is seen to do meanwhile. */
function isPastTask(phase: JobPhase): boolean {
  return phase === 'uploading' || phase === 'deleting';
}

function stageChange(stage: ObservedStage): Partial<Job> {
  switch (stage) {
    case 'downloading':
      return { status: 'running', phase: 'downloading' };
    case 'downloaded':
      return { status: 'running', phase: 'starting' };
    case 'running':
      return { status: 'running', phase: 'running' };
    case 'pending':
    case 'missing':
    case 'succeeded':
    case 'failed':
      return {};
  }
}

/** An exit code proves that a container ran, also when it ended before it was seen running. */
function runChange({ exitCode, failure }: Observation): Partial<Job> {
  return (exitCode ?? failure?.exitCode) === undefined ? {} : { status: 'running' };
}

/** Kubernetes counts in whole seconds; a job never starts before it was created. */
function startChange(job: Job, { startTime, stage }: Observation): Partial<Job> {
  if (startTime === undefined || job.startTime !== undefined || stage === 'pending') return {};
  return { startTime: Math.max(startTime, job.created) };
}

function exitChange({ exitCode }: Observation): Partial<Job> {
  return exitCode === undefined ? {} : { exitCode };
}
