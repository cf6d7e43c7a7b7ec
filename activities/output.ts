import type { TransferSuccess } from '../transfer/report.ts';
import type { JobOutput, StoredObject } from '../workflows/contract.ts';

/**
 * The output of a job, as the upload tells of it.
 * @param stored what the bucket holds
 * @param isComplete false when the task did not end well
 */
export function outputOf(stored: StoredObject, report: TransferSuccess, isComplete: boolean): JobOutput {
  const { files, skipped, unreadable } = report;
  const complete = isComplete && unreadable === undefined;
  return { ...stored, files, complete, ...(skipped !== undefined && { skipped }) };
}
