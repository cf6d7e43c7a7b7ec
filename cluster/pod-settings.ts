import type { AllowList } from '../config/allowed.ts';
import type { EnforcedTerms } from '../config.ts';
import type { TaskSettings } from './task-container.ts';
import type { TransferSettings } from './transfer-containers.ts';

/** What the service decides about the pods of all jobs. */
export interface PodSettings extends TaskSettings {
  readonly transfer: TransferSettings;
  /** Size of /input, and of /output, of a job that names none, as a Kubernetes quantity. */
  readonly claimSize: string;
  readonly enforced: EnforcedTerms;
  /** Keys of labels of jobs that stand on objects as they are; all others stand there under a prefix of ours. */
  readonly allowedLabels: AllowList;
}
