import { activityInfo } from '@temporalio/activity';
import type { Bucket } from '../bucket/bucket.ts';
import { spoolObjectOf } from '../bucket/objects.ts';
import { writeRecord } from '../bucket/records.ts';
import { isFinal } from '../workflows/contract.ts';
import type { Job } from '../workflows/contract.ts';
import type { ActivityDeps } from './deps.ts';

/** A try may take ten seconds, of which MongoDB needs some. */
const BUCKET_TIMEOUT_MS = 5_000;

/**
 * Mirrors the state of a job to MongoDB; a later revision that is there already stays. An end goes to the bucket before: what the
 * mirror shows as ended can be restored for good. Answers what is mirrored: an end that was recorded before, and may have been told, stays.
 */
export function createRecord({ bucket, store }: Pick<ActivityDeps, 'bucket' | 'store'>) {
  return async function record(job: Job): Promise<Job> {
    const kept = isFinal(job.status) ? await keepEnd(bucket, job) : job;
    await store.record(kept);
    return kept;
  };
}

/** As an activity: the history tells what one was given, and of a try within a workflow task only what it returned. */
export function createToldRecord(deps: Pick<ActivityDeps, 'bucket' | 'store'>) {
  const mirror = createRecord(deps);
  return async function record(job: Job): Promise<Job | undefined> {
    const kept = await mirror(job);
    return activityInfo().isLocal || kept !== job ? kept : undefined;
  };
}

async function keepEnd(bucket: Pick<Bucket, 'write' | 'read' | 'remove'>, job: Job): Promise<Job> {
  const [kept] = await Promise.all([
    writeRecord(bucket, job, AbortSignal.timeout(BUCKET_TIMEOUT_MS)),
    // A bucket that was away may have got the input twice, and the second one only when the job had taken the first.
    job.hasInput ? bucket.remove(spoolObjectOf(job.id)) : undefined,
  ]);
  return kept;
}
