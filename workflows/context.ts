import type { Alarm } from './alarm.ts';
import type { JobRequest } from './contract.ts';
import type { Steps } from './steps.ts';
import type { Tracker } from './tracker.ts';

/** What an ending has to take back, last in, first out. */
type Undo = () => Promise<unknown>;

/** All that the parts of one job's story work with. */
export interface JobContext {
  readonly request: JobRequest;
  readonly steps: Steps;
  readonly tracker: Tracker;
  readonly alarm: Alarm;
  /** Filled before each step that leaves something behind. */
  readonly undos: Undo[];
  /** True from when a pod may write an output into the bucket. */
  hasUpload: boolean;
  /** True from when the job may go, if it had to wait for that. */
  isAdmitted: boolean;
}
