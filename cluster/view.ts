import type { V1Job, V1Pod } from '@kubernetes/client-node';
import { isEnd } from '../workflows/contract.ts';
import type { JobRole, Observation } from '../workflows/contract.ts';
import { isInteresting, signatureOf } from './edges.ts';
import { refIn, ROLE_LABEL } from './names.ts';
import type { JobRef } from './names.ts';
import { observe, showsItsEnd } from './outcome.ts';
import type { WatchedObject, WatchHandler } from './watch.ts';

/** What the two watches have shown so far, joined by the UID of the Job. */
export interface View {
  readonly jobs: WatchHandler<V1Job>;
  readonly pods: WatchHandler<V1Pod>;
  /** True once both lists have come. */
  isSynced(): boolean;
  clear(): void;
}

/** Called with each edge that matters; must not throw. */
export type OnObservation = (jobName: string, observation: Observation) => void;

/** What a view has to say. Neither may throw. */
export interface ViewListener {
  readonly onObservation: OnObservation;
  /**
   * Called when a Job has ended and no pod shows how: the watch of the pods is behind, or the pod is gone. What the cluster says when
   * it is asked goes to `answer`.
   */
  readonly onUnexplainedEnd: (ref: JobRef, role: JobRole, answer: (observation: Observation) => void) => void;
}

/** @returns an empty view */
export function createView({ onObservation, onUnexplainedEnd }: ViewListener): View {
  const jobs = new Map<string, V1Job>();
  const pods = new Map<string, Map<string, V1Pod>>();
  const seen = new Map<string, Observation>();
  const ended = new Set<string>();
  const listed = new Set<'jobs' | 'pods'>();

  const tell = (jobUid: string, name: string, observation: Observation) => {
    const before = seen.get(jobUid);
    if (before && signatureOf(before) === signatureOf(observation)) return;
    seen.set(jobUid, observation);
    if (isEnd(observation.stage)) ended.add(jobUid);
    if (isInteresting(observation, before)) onObservation(name, observation);
  };
  const look = (jobUid: string) => {
    const job = jobs.get(jobUid);
    const owner = whoseIs(job);
    // Before both lists have come, a Job without a pod would look as if it had lost it.
    if (!job || !owner || listed.size < 2 || ended.has(jobUid)) return;
    const { ref, role } = owner;
    const own = [...(pods.get(jobUid)?.values() ?? [])];
    if (showsItsEnd(role, job, own)) return tell(jobUid, ref.name, observe(role, job, own));
    onUnexplainedEnd(ref, role, (observation) => {
      if (jobs.has(jobUid) && !ended.has(jobUid) && observation.jobUid === jobUid) tell(jobUid, ref.name, observation);
    });
  };
  const lookAtAll = () => [...jobs.keys()].forEach(look);

  /** A Job that is gone before it has ended was deleted by somebody; one that has ended is nobody's news. */
  const dropJob = (jobUid: string) => {
    const owner = whoseIs(jobs.get(jobUid));
    if (owner && !ended.has(jobUid)) onObservation(owner.ref.name, { ...observe(owner.role, undefined, []), jobUid });
    for (const collection of [jobs, seen, ended]) collection.delete(jobUid);
  };
  const setPod = (pod: V1Pod) => {
    const jobUid = ownerOf(pod);
    const siblings = pods.get(jobUid) ?? new Map<string, V1Pod>();
    pods.set(jobUid, siblings.set(uidOf(pod), pod));
    return jobUid;
  };

  return {
    isSynced: () => listed.size === 2,
    clear: () => [jobs, pods, seen, ended, listed].forEach((collection) => collection.clear()),
    jobs: {
      replace(objects) {
        const present = new Set(objects.map(uidOf));
        [...jobs.keys()].filter((uid) => !present.has(uid)).forEach(dropJob);
        objects.forEach((job) => jobs.set(uidOf(job), slim(job)));
        listed.add('jobs');
        lookAtAll();
      },
      upsert(job) {
        jobs.set(uidOf(job), slim(job));
        look(uidOf(job));
      },
      remove: (job) => dropJob(uidOf(job)),
    },
    pods: {
      replace(objects) {
        pods.clear();
        objects.map(slim).forEach(setPod);
        listed.add('pods');
        lookAtAll();
      },
      upsert: (pod) => look(setPod(slim(pod))),
      remove(pod) {
        const jobUid = ownerOf(pod);
        const siblings = pods.get(jobUid);
        siblings?.delete(uidOf(pod));
        if (siblings?.size === 0) pods.delete(jobUid);
        look(jobUid);
      },
    },
  };
}

/** Without the part that is large and that nobody reads. */
function slim<T extends WatchedObject>(object: T): T {
  if (object.metadata) delete object.metadata.managedFields;
  return object;
}

/** Which job of ours a Job belongs to, as its labels say. */
function whoseIs(job: V1Job | undefined): { readonly ref: JobRef; readonly role: JobRole } | undefined {
  const labels = job?.metadata?.labels;
  const [ref, role] = [refIn(labels), labels?.[ROLE_LABEL]];
  return ref && role ? { ref, role: role as JobRole } : undefined;
}

function uidOf(object: WatchedObject): string {
  return object.metadata?.uid ?? '';
}

function ownerOf(pod: V1Pod): string {
  return pod.metadata?.ownerReferences?.find(({ kind }) => kind === 'Job')?.uid ?? '';
}
