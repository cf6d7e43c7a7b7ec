import type { Failure, JobPhase } from './contract.ts';
import type { FailureReason } from './failure-reasons.ts';

/** What to do about each reason. */
const HINTS: Readonly<Record<FailureReason, string>> = {
  UserError: 'read the log of the task',
  OOMKilled: 'ask for more memory in resources.limits.memory',
  Evicted: 'the cluster took the node for something else; send the job again',
  NodeLost: 'the node went away, or lost the container; send the job again',
  DiskFull: 'write less, or ask for more by storage.size or resources.limits.ephemeral-storage',
  ImageNotFound: 'check the name and the tag of the image, and that the registry has it',
  ImageUnauthorized: 'let the namespace of the jobs pull from this registry, or check the name of the image',
  InvalidImageName: 'write the image as registry/path:tag',
  ImagePullTimeout: 'check that the nodes reach the registry, or give it more time by start_timeout_seconds',
  Unschedulable: 'ask for less, or for what a node of the cluster has; or give it more time by start_timeout_seconds',
  StartTimeout: 'give it more time by start_timeout_seconds',
  RunTimeout: 'give it more time by timeout_seconds',
  InputInvalid: 'make the zip anew, of plain files and folders',
  InputTooLarge: 'send less, ask for more by storage.size, or ask the operator for a higher limit',
  InputUnavailable: 'send the job again',
  OutputTooLarge: 'write less to /output, or ask the operator for a higher limit',
  OutputUploadFailed: 'see the log of the cleanup container; send the job again',
  ConfigError: 'check what the message names: a secret, a mount, or an image that does not say what to run',
  ClusterError: 'see what the cluster answered',
  Unknown: 'see the log of the task; send the job again',
};

const RETRYABLE: ReadonlySet<FailureReason> = new Set<FailureReason>([
  'Evicted',
  'NodeLost',
  'ImagePullTimeout',
  'StartTimeout',
  'InputUnavailable',
  'OutputUploadFailed',
  'ClusterError',
]);

/** What is told of a task that was ended at its deadline, by whoever ended it. */
export function ranLongerThan(seconds: number): string {
  return `the task ran for longer than ${seconds} s`;
}

/** True when the node went away, and the volumes on it; a node that tells of a container of the pod is there. Pure. */
export function isNodeGone({ reason, container }: Failure): boolean {
  return reason === 'NodeLost' && container === undefined;
}

/** Builds a failure; whether a retry can help follows from the reason, and so does the hint, unless the cause knows a better one. */
export function failureOf(
  reason: FailureReason,
  phase: JobPhase,
  message: string,
  more: Pick<Failure, 'container' | 'exitCode' | 'signal' | 'hint'> = {},
): Failure {
  return { reason, phase, message, hint: HINTS[reason], ...more, retryable: RETRYABLE.has(reason) };
}
