import { CancellationScope, condition, log, setCurrentDetails } from '@temporalio/workflow';
import type { Attempt, Job, JobRequest, JobRole } from './contract.ts';
import type { Observation } from './observation.ts';
import { changed, initialJob, isNews, withNextAttempt, withTask } from './state.ts';
import type { Steps } from './steps.ts';

/** Holds the state of a job, takes in what is observed, and mirrors each change. */
export interface Tracker {
  /** The job as it stands. */
  job(): Job;
  update(change: Partial<Job>): void;
  /** Mirrors the job as it is, for when that may be so for long, and nobody else may have done so. */
  announce(): void;
  /** Takes in a look at the cluster, from wherever it comes. */
  notice(observation: Observation): void;
  /** From now on only observations of the Kubernetes Job with this UID count for `role`. */
  expect(role: JobRole, jobUid: string): void;
  /** The Kubernetes Job of `role` is given up, and another one follows: what is observed of it from now on does not count. */
  leave(role: JobRole): void;
  /** The attempt has failed, and another one follows. */
  retry(ended: Attempt): void;
  /** The latest look at `role` since it is expected. */
  seen(role: JobRole): Observation;
  /** Resolves when MongoDB holds the state of the job as it stands. */
  mirrored(): Promise<void>;
}

/** @returns a tracker whose job is the one of `request`, as just created */
export function createTracker(request: JobRequest, record: Steps['record']): Tracker {
  let job = initialJob(request);
  let recordedRevision = 0;
  let isRecording = false;
  /** UIDs of the Kubernetes Jobs that are given up. */
  const past = new Set<string>();
  const latest: Partial<Record<JobRole, Observation>> = {};

  /** One write at a time, always of the newest state: states that come faster than MongoDB writes are skipped. */
  const mirror = async () => {
    if (isRecording) return;
    isRecording = true;
    while (recordedRevision < job.revision) {
      const { revision } = job;
      // Only a mirror that refuses the job for good gets here; the job itself goes on.
      await record(job).catch((error: unknown) => log.error('the job cannot be mirrored', { error }));
      recordedRevision = revision;
    }
    isRecording = false;
  };

  const set = (next: Job) => {
    if (next === job) return;
    job = next;
    setCurrentDetails(`**${job.status}** (${job.phase})${job.failure ? `: ${job.failure.message}` : ''}`);
    void CancellationScope.nonCancellable(mirror);
  };

  const leave = (role: JobRole) => {
    const { jobUid } = latest[role] ?? {};
    if (jobUid !== undefined) past.add(jobUid);
    delete latest[role];
  };

  return {
    job: () => job,
    update: (change) => set(changed(job, change)),
    announce: () => set({ ...job, revision: job.revision + 1 }),
    notice(observation) {
      if (past.has(observation.jobUid ?? '') || !isNews(latest[observation.role], observation)) return;
      latest[observation.role] = observation;
      if (observation.role === 'task') set(withTask(job, observation));
    },
    expect(role, jobUid) {
      if (latest[role]?.jobUid !== jobUid) latest[role] = { role, jobUid, stage: 'pending' };
    },
    leave,
    retry(ended) {
      leave('task');
      leave('cleanup');
      set(withNextAttempt(job, ended));
    },
    seen: (role) => latest[role] ?? { role, stage: 'pending' },
    mirrored: () => condition(() => recordedRevision === job.revision),
  };
}
