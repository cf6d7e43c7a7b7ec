import { CancellationScope, log, setCurrentDetails } from '@temporalio/workflow';
import type { Alarm } from './alarm.ts';
import type { Attempt, Job, JobRequest, JobRole } from './contract.ts';
import type { Observation } from './observation.ts';
import { isEnd } from './observation.ts';
import { changed, initialJob, isCertain, isNews, withNextAttempt, withPhaseTime, withTask } from './state.ts';
import type { Steps } from './steps.ts';

/** Holds the state of a job, takes in what is observed, and mirrors each change. */
export interface Tracker {
  /** The job as it stands. */
  job(): Job;
  /** Takes in a change, and tells it at once. */
  update(change: Partial<Job>): void;
  /** Takes in a change that is told with the next one: each telling costs the history six events. */
  note(change: Partial<Job>): void;
  /** Tells what is noted. */
  tell(): void;
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
export function createTracker(
  request: JobRequest,
  steps: Pick<Steps, 'record' | 'recordQuickly'>,
  alarm: Alarm,
): Tracker {
  let job = initialJob(request);
  let toldRevision = 0;
  let recordedRevision = 0;
  let isRecording = false;
  /** UIDs of the Kubernetes Jobs that are given up. */
  const past = new Set<string>();
  const latest: Partial<Record<JobRole, Observation>> = {};

  /** One write at a time, always of the newest state: states that come faster than MongoDB writes are skipped. */
  const mirror = async () => {
    if (isRecording) return;
    isRecording = true;
    while (recordedRevision < toldRevision) {
      const { revision } = job;
      // Only a mirror that refuses the job for good gets here; the job itself goes on.
      const record = isCertain(job) ? steps.recordQuickly : steps.record;
      const recorded = await record(job).catch((error: unknown) => {
        log.error('the job cannot be mirrored', { error });
      });
      // An end that was recorded within a workflow task that is lost may have been told: it stays the end.
      if (recorded?.phase === 'ended' && recorded.revision === revision) job = recorded;
      recordedRevision = revision;
      alarm.ring();
    }
    isRecording = false;
  };

  const keep = (next: Job) => {
    if (next === job) return;
    job = withPhaseTime(next, Date.now());
    setCurrentDetails(`**${job.status}** (${job.phase})${job.failure ? `: ${job.failure.message}` : ''}`);
  };

  const tell = () => {
    if (toldRevision === job.revision) return;
    toldRevision = job.revision;
    void CancellationScope.nonCancellable(mirror);
  };

  const set = (next: Job) => {
    keep(next);
    tell();
  };

  const leave = (role: JobRole) => {
    const { jobUid } = latest[role] ?? {};
    if (jobUid !== undefined) past.add(jobUid);
    delete latest[role];
  };

  return {
    job: () => job,
    update: (change) => set(changed(job, change)),
    note: (change) => keep(changed(job, change)),
    tell,
    announce: () => set({ ...job, revision: job.revision + 1 }),
    notice(observation) {
      if (past.has(observation.jobUid ?? '') || !isNews(latest[observation.role], observation)) return;
      latest[observation.role] = observation;
      alarm.ring();
      if (observation.role !== 'task') return;
      // What follows from an end is told at once, and the end with it.
      const take = isEnd(observation.stage) ? keep : set;
      take(withTask(job, observation));
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
    mirrored: () => alarm.until(() => recordedRevision === job.revision),
  };
}
