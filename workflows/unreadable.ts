import type { Unreadable } from '../transfer/report.ts';
import type { Failure } from './contract.ts';
import { failureOf } from './reasons.ts';

/** What to do about an output that the upload cannot read. */
const READABLE_OUTPUT = 'let the task leave what its group may read, as by chmod -R g+rX /output';

/** Nothing of an output could be read: another try reads no more. */
export function withReadableHint(failure: Failure): Failure {
  return { ...failure, hint: READABLE_OUTPUT, retryable: false };
}

/** The failure of a job whose output lacks what may not be read. */
export function unreadableFailure({ count, message }: Unreadable): Failure {
  const others = count === 1 ? '' : `, and ${count - 1} more files and folders may not be read`;
  return withReadableHint(failureOf('OutputUploadFailed', 'uploading', message + others, { container: 'cleanup' }));
}
