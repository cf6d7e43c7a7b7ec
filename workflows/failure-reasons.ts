/** Why a job failed. The list is the public contract; `Unknown` is said rather than guessed. */
export const FAILURE_REASONS = [
  'UserError',
  'OOMKilled',
  'Evicted',
  'NodeLost',
  'DiskFull',
  'ImageNotFound',
  'ImageUnauthorized',
  'InvalidImageName',
  'ImagePullTimeout',
  'Unschedulable',
  'StartTimeout',
  'RunTimeout',
  'InputInvalid',
  'InputTooLarge',
  'InputUnavailable',
  'OutputTooLarge',
  'OutputUploadFailed',
  'ConfigError',
  'ClusterError',
  'Unknown',
] as const;
export type FailureReason = (typeof FAILURE_REASONS)[number];
