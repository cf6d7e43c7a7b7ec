import { presentJob } from '../../api/present.ts';
import type { Job as ClientJob } from '../../client/types.ts';
import type { Job } from '../../workflows/contract.ts';
import { aJob } from './job-builder.ts';

/** A job as a client gets it; `changes` says what the test is about. */
export function aClientJob(changes: Partial<Job> = {}): ClientJob {
  return JSON.parse(JSON.stringify(presentJob(aJob(changes)))) as ClientJob;
}

/** The same of a job that has failed. */
export function aFailedClientJob(failure: Partial<NonNullable<Job['failure']>>, changes: Partial<Job> = {}): ClientJob {
  return aClientJob({
    status: 'failed',
    phase: 'ended',
    failure: { reason: 'UserError', phase: 'running', message: 'it ended with 1', retryable: false, ...failure },
    ...changes,
  });
}
