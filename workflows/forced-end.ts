import type { Job } from './contract.ts';
import { failureOf } from './reasons.ts';
import { changed } from './state.ts';

/**
 * The end of a job whose workflow was ended by force: what was known of it stays true, and what was not done is not told.
 * @param job the newest that is known of it
 * @param cause what was done to the workflow
 * @param nowMs when nothing of the job was left, in epoch milliseconds
 */
export function forcedEnd(job: Job, cause: string, nowMs: number): Job {
  return changed(job, { ...endingOf(job, cause), phase: 'ended', stopTime: nowMs, releasedTime: nowMs });
}

function endingOf({ phase, failure, output, killRequested }: Job, cause: string): Partial<Job> {
  if (failure) return { status: 'failed' };
  if (output) return { status: 'succeeded' };
  if (killRequested) return { status: 'killed' };
  return { status: 'failed', failure: failureOf('ClusterError', phase, cause) };
}
