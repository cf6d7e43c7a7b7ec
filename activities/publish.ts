import { ApplicationFailure } from '@temporalio/common';
import { attemptObjectOf, outputObjectOf } from '../bucket/objects.ts';
import type { TransferReport } from '../transfer/report.ts';
import { ERROR_TYPES } from '../workflows/names.ts';
import type { JobOutput } from '../workflows/contract.ts';
import type { JobRef } from '../workflows/observation.ts';
import type { ActivityDeps } from './deps.ts';
import { heartbeating } from './heartbeat.ts';
import { outputOf } from './output.ts';

/**
 * Makes the output of one attempt the output of the job, once: what the bucket holds must be what the uploading container
 * says it wrote. `report` is what that container said of itself; `complete` is false when the task did not end well.
 */
export function createPublish({ bucket }: ActivityDeps) {
  return async function publish(
    ref: JobRef,
    report: TransferReport | undefined,
    complete: boolean,
  ): Promise<JobOutput> {
    if (!report?.ok) throw ApplicationFailure.nonRetryable('the upload left no report', ERROR_TYPES.objectMismatch);
    const { sizeBytes, crc32c } = report;
    const attempt = { object: attemptObjectOf(ref), sizeBytes, crc32c };
    return outputOf(await heartbeating(bucket.promote(attempt, outputObjectOf(ref.name))), report, complete);
  };
}
