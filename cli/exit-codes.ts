/** What `ktr` ends with. */
import type { Job } from '../client/types.ts';

/** Codes that say something of `ktr` or of the service. Those below them are the task's own, as with `docker run` and `timeout`. */
export const EXIT = {
  /** The job ran out of time. */
  timedOut: 124,
  /** `ktr` could not do it: wrong use, no answer, a refusal. */
  notDone: 125,
  /** The job failed by something other than what its task ended with: its image, its input, its output, the cluster. */
  jobFailed: 126,
  /** Left by Ctrl-C; the job may go on. */
  interrupted: 130,
  /** The job was killed. */
  killed: 137,
} as const;

/** What a command that followed a job to its end ends with: its task's exit code, where that is what became of the job. */
export function exitCodeOf(job: Pick<Job, 'status' | 'failure' | 'exit_code'>): number {
  if (job.status === 'succeeded') return 0;
  if (job.status === 'killed') return EXIT.killed;
  if (job.failure?.reason === 'RunTimeout') return EXIT.timedOut;
  return job.exit_code === undefined || job.exit_code === 0 ? EXIT.jobFailed : job.exit_code;
}
