import type { Attempt, Failure, Job, JobOutput } from '../workflows/contract.ts';
import type { JobParameters } from '../workflows/parameters.ts';
import { givenNameOf } from './auth/names.ts';
import { defined } from './objects.ts';
import type { PresentedJob } from './schemas/presented.ts';

export type { PresentedJob } from './schemas/presented.ts';

const SENSITIVE = { sensitive: true } as const;

/**
 * A job as clients see it.
 * @param outputFileUrl signed for this answer; absent when the job has no output
 */
export function presentJob(job: Job, outputFileUrl?: string): PresentedJob {
  return defined({
    created: job.created,
    id: job.id,
    job_parameters: presentParameters(job.parameters),
    name: givenNameOf(job.name),
    owner: job.owner,
    output_file_url: outputFileUrl,
    start_time: job.startTime,
    status: job.status,
    stop_time: job.stopTime,
    phase: job.phase,
    phase_times: job.phaseTimes,
    exit_code: job.exitCode,
    failure: job.failure && presentFailure(job.failure),
    attempts: job.attempts?.map(presentAttempt),
    output: job.output && presentOutput(job.output),
    labels: job.parameters.labels,
    released_time: job.releasedTime,
    workflow_id: job.workflowId,
    kill_requested: job.killRequested,
  });
}

/** What is sensitive is not told, in whatever form. */
function presentParameters({ environment_variables: environment, ...others }: JobParameters) {
  if (environment === undefined) return others;
  const shown = Object.entries(environment).map(
    ([name, value]) => [name, typeof value === 'object' && 'sealed' in value ? SENSITIVE : value] as const,
  );
  return { ...others, environment_variables: Object.fromEntries(shown) };
}

function presentFailure(failure: Failure): NonNullable<PresentedJob['failure']> {
  const { reason, phase, container, exitCode, signal, message, hint, retryable } = failure;
  return defined({ reason, phase, container, exit_code: exitCode, signal, message, hint, retryable });
}

function presentAttempt({ failure, exitCode, startTime, stopTime }: Attempt) {
  return defined({
    failure: presentFailure(failure),
    exit_code: exitCode,
    start_time: startTime,
    stop_time: stopTime,
  });
}

function presentOutput(output: JobOutput): NonNullable<PresentedJob['output']> {
  const { sizeBytes, files, crc32c, complete, skipped } = output;
  return { bytes: sizeBytes, files, crc32c, complete, ...(skipped !== undefined && { skipped }) };
}
