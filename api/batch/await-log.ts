/** A log that is followed from before its container runs. */
import { Readable } from 'node:stream';
import { isFinal, JOB_PHASES } from '../../workflows/contract.ts';
import type { ContainerRole, Job, JobPhase } from '../../workflows/contract.ts';
import { attemptOf } from '../../workflows/state.ts';
import type { ApiDeps, JobLogOptions } from '../deps.ts';
import { openAttempt } from './open-log.ts';
import type { WantedLog } from './open-log.ts';

/** The phase in which a container starts. */
const BEGINS_IN: Readonly<Record<ContainerRole, JobPhase>> = {
  input: 'downloading',
  task: 'running',
  cleanup: 'uploading',
};

/** A log is there a moment after its container. */
const LOOK_AGAIN_MS = 1_000;
/** A container that has not started is looked for when its job changes, and now and then. */
const LONGEST_WAIT_MS = 60_000;

/** True while the container may still start. */
export function mayComeYet(job: Job, { container, attempt }: WantedLog): boolean {
  return !isFinal(job.status) && attempt === attemptOf(job) && (container !== 'input' || job.hasInput);
}

/** The log as soon as its container runs; empty when it never does. */
export function awaitLog(deps: ApiDeps, job: Job, wanted: WantedLog, options: JobLogOptions): Readable {
  return Readable.from(logOnceThere(deps, job, wanted, options), { objectMode: false });
}

async function* logOnceThere(deps: ApiDeps, job: Job, wanted: WantedLog, options: JobLogOptions) {
  let known = job;
  while (mayComeYet(known, wanted) && options.signal?.aborted !== true) {
    known = (await nextState(deps, known, wanted, options)) ?? known;
    const log = await openAttempt(deps, known, wanted, options);
    if (log !== undefined) return yield* log;
  }
}

function nextState(
  { changes }: ApiDeps,
  { id, phase, revision }: Job,
  { container }: WantedLog,
  { signal }: JobLogOptions,
): Promise<Job | undefined> {
  const hasBegun = JOB_PHASES.indexOf(phase) >= JOB_PHASES.indexOf(BEGINS_IN[container]);
  const timeoutMs = hasBegun ? LOOK_AGAIN_MS : LONGEST_WAIT_MS;
  return changes.waitForJob(id, (job) => job.revision > revision, { timeoutMs, ...(signal && { signal }) });
}
