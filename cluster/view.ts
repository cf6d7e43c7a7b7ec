import type { V1Job, V1Pod } from '@kubernetes/client-node';
import { isEnd } from '../workflows/observation.ts';
import type { ContainerRole, JobRole } from '../workflows/contract.ts';
import type { JobRef, Observation } from '../workflows/observation.ts';
import { differences } from './differences.ts';
import { isInteresting, signatureOf } from './edges.ts';
import { kubernetesJobOf, refIn } from './names.ts';
import { observe, showsItsEnd, transferLogIn } from './outcome.ts';
import { pack, unpack } from './packed.ts';
import type { Packed } from './packed.ts';
import type { WatchHandler } from './watch.ts';
import { jobOf, lastChangeMs, nameOf, ownerOf, uidOf } from './watched.ts';
import type { Owner } from './watched.ts';

/** What the two watches have shown so far, joined by the UID of the Job. */
export interface View {
  readonly jobs: WatchHandler<V1Job>;
  readonly pods: WatchHandler<V1Pod>;
  /** What was seen last of a Job; undefined unless the Job and its pod are there, and say the same, or it has ended. */
  shows(ref: JobRef, role: JobRole): Observation | undefined;
  /** All that a transfer container of a pod has said; undefined unless it has ended well, and told so. */
  transferLogOf(ref: JobRef, role: JobRole, podName: string, container: ContainerRole): string | undefined;
  /** Tells all that matters once more, as if it had just been listed. */
  repeat(): void;
  clear(): void;
}

/**
 * Called with each edge that matters. `changedMs` is when a container of the pod changed last, by the cluster's own clock, which counts
 * whole seconds; undefined where there is none.
 */
export type OnObservation = (jobName: string, observation: Observation, changedMs?: number) => void;

/** What a view has to say. */
export interface ViewListener {
  readonly onObservation: OnObservation;
  /**
   * Called when a Job has ended and no pod shows how: the watch of the pods is behind, or the pod is gone. What the cluster says when
   * it is asked goes to `answer`.
   */
  readonly onUnexplainedEnd: (ref: JobRef, role: JobRole, answer: (observation: Observation) => void) => void;
  /** One of the others threw over this Job; all other Jobs are looked at as ever. Must not throw. */
  readonly onFault: (jobUid: string, error: unknown) => void;
}

/** @returns an empty view */
export function createView({ onObservation, onUnexplainedEnd, onFault }: ViewListener): View {
  const jobs = new Map<string, Packed<V1Job>>();
  const uids = new Map<string, string>();
  const pods = new Map<string, Map<string, Packed<V1Pod>>>();
  const seen = new Map<string, Map<JobRole, Observation>>();
  const listed = new Set<'jobs' | 'pods'>();
  const unexplained = new Set<string>();

  /** What goes wrong over one Job must neither end a watch nor keep others from being told. */
  const guarded = (jobUid: string, deed: () => void) => {
    try {
      deed();
    } catch (error) {
      onFault(jobUid, error);
    }
  };
  const jobOfUid = (jobUid: string) => {
    const packed = jobs.get(jobUid);
    return packed === undefined ? undefined : unpack(packed);
  };
  const podsOf = (jobUid: string) => [...(pods.get(jobUid)?.values() ?? [])].map(unpack);
  const seenOf = (jobUid: string, role: JobRole) => seen.get(jobUid)?.get(role);
  const hasEnded = (jobUid: string, role: JobRole) => isEnd(seenOf(jobUid, role)?.stage ?? 'pending');

  const tell = (jobUid: string, owner: Owner, observation: Observation, changedMs?: number) => {
    const { role } = observation;
    const before = seenOf(jobUid, role);
    seen.set(jobUid, (seen.get(jobUid) ?? new Map<JobRole, Observation>()).set(role, observation));
    if (before && signatureOf(before) === signatureOf(observation)) return;
    if (matters(jobUid, owner, observation, before)) onObservation(owner.ref.name, observation, changedMs);
  };
  /** In one pod the upload after a task that has failed is awaited only if it is seen to have begun, and by its end alone. */
  const isAwaited = (jobUid: string, { roles }: Owner, role: JobRole) =>
    role === roles[0] || seenOf(jobUid, 'task')?.stage === 'succeeded' || seenOf(jobUid, role)?.stage === 'running';
  const matters = (jobUid: string, owner: Owner, observation: Observation, before?: Observation) =>
    (isEnd(observation.stage) || isAwaited(jobUid, owner, observation.role)) && isInteresting(observation, before);
  const repeatOf = (jobUid: string, owner: Owner) => {
    const all = [...(seen.get(jobUid)?.values() ?? [])];
    const told = all.filter((observation) => matters(jobUid, owner, observation));
    for (const observation of told) onObservation(owner.ref.name, observation);
  };
  const lookAs = (role: JobRole, jobUid: string, job: V1Job, owner: Owner) => {
    const own = podsOf(jobUid);
    unexplained.delete(jobUid);
    if (showsItsEnd(role, job, own)) return tell(jobUid, owner, observe(role, job, own), lastChangeMs(own));
    if (!isAwaited(jobUid, owner, role)) return;
    unexplained.add(jobUid);
    onUnexplainedEnd(owner.ref, role, (observation) => {
      if (!jobs.has(jobUid) || hasEnded(jobUid, role) || observation.jobUid !== jobUid) return;
      guarded(jobUid, () => tell(jobUid, owner, observation));
      if (hasEnded(jobUid, role)) look(jobUid);
    });
  };
  const lookAt = (jobUid: string) => {
    const job = jobOfUid(jobUid);
    const owner = ownerOf(job);
    // Before both lists have come, a Job without a pod would look as if it had lost it.
    if (!job || !owner || listed.size < 2) return;
    for (const role of owner.roles) {
      if (!hasEnded(jobUid, role)) lookAs(role, jobUid, job, owner);
      // In one pod the turn of a role comes when the one before it has ended.
      if (!hasEnded(jobUid, role)) return;
    }
  };
  const look = (jobUid: string) => guarded(jobUid, () => lookAt(jobUid));
  /** What was listed as it was known before is nobody's news, unless it could not be told then. */
  const lookAtListed = (kind: 'jobs' | 'pods', changed: readonly string[]) => {
    const isFirst = !listed.has(kind);
    listed.add(kind);
    new Set(isFirst ? jobs.keys() : [...changed, ...unexplained]).forEach(look);
  };

  /** A Job that is gone before it has ended was deleted by somebody; one whose end was told is nobody's news. */
  const dropJob = (jobUid: string) => {
    const job = jobOfUid(jobUid);
    const { ref, roles } = ownerOf(job) ?? { roles: [] };
    for (const role of roles) {
      const last = lastOf(role, jobUid, job);
      if (ref && !hasEnded(jobUid, role)) guarded(jobUid, () => onObservation(ref.name, last));
      // Nobody waits for the next one then.
      if (last.stage !== 'succeeded') break;
    }
    for (const collection of [jobs, seen, unexplained]) collection.delete(jobUid);
    const name = nameOf(job);
    if (uids.get(name) === jobUid) uids.delete(name);
  };
  const setJob = (job: V1Job) => {
    const jobUid = uidOf(job);
    jobs.set(jobUid, pack(job));
    uids.set(nameOf(job), jobUid);
    return jobUid;
  };
  const lastOf = (role: JobRole, jobUid: string, job: V1Job | undefined): Observation => {
    const before = seenOf(jobUid, role);
    if (before && isEnd(before.stage)) return before;
    const last = observe(role, job, podsOf(jobUid));
    return isEnd(last.stage) ? last : { ...observe(role, undefined, []), jobUid };
  };
  const setPod = (pod: V1Pod) => {
    const jobUid = jobOf(pod);
    const siblings = pods.get(jobUid) ?? new Map<string, Packed<V1Pod>>();
    pods.set(jobUid, siblings.set(uidOf(pod), pack(pod)));
    return jobUid;
  };

  return {
    shows(ref, role) {
      const jobUid = uids.get(kubernetesJobOf(ref, role)) ?? '';
      const job = jobOfUid(jobUid);
      const last = seenOf(jobUid, role);
      if (!job || !last || ownerOf(job)?.ref.id !== ref.id) return undefined;
      const isSure = isEnd(last.stage) || (last.podUid !== undefined && showsItsEnd(role, job, podsOf(jobUid)));
      return isSure ? last : undefined;
    },
    transferLogOf(ref, role, podName, container) {
      const pods = podsOf(uids.get(kubernetesJobOf(ref, role)) ?? '');
      const pod = pods.find((pod) => nameOf(pod) === podName && refIn(pod.metadata?.labels)?.id === ref.id);
      return pod && transferLogIn(pod, container);
    },
    repeat() {
      for (const [jobUid, job] of jobs) {
        const owner = ownerOf(unpack(job));
        if (owner) guarded(jobUid, () => repeatOf(jobUid, owner));
      }
    },
    clear: () => [jobs, uids, pods, seen, listed, unexplained].forEach((collection) => collection.clear()),
    jobs: {
      replace(objects) {
        const before = new Map(jobs);
        const present = new Set<string>();
        for (const job of objects) present.add(setJob(job));
        [...before.keys()].filter((uid) => !present.has(uid)).forEach(dropJob);
        lookAtListed('jobs', differences(before, jobs));
      },
      upsert: (job) => look(setJob(job)),
      remove: (job) => dropJob(uidOf(job)),
    },
    pods: {
      replace(objects) {
        const before = new Map(pods);
        pods.clear();
        for (const pod of objects) setPod(pod);
        lookAtListed('pods', differences(before, pods, isSamePods));
      },
      upsert: (pod) => look(setPod(pod)),
      remove(pod) {
        const jobUid = jobOf(pod);
        const siblings = pods.get(jobUid);
        siblings?.delete(uidOf(pod));
        if (siblings?.size === 0) pods.delete(jobUid);
        look(jobUid);
      },
    },
  };
}

function isSamePods(before: ReadonlyMap<string, Packed<V1Pod>>, after: ReadonlyMap<string, Packed<V1Pod>>): boolean {
  return differences(before, after).length === 0;
}
