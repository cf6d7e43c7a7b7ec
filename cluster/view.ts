import type { V1Job, V1Pod } from '@kubernetes/client-node';
import { isEnd } from '../workflows/observation.ts';
import type { JobRole } from '../workflows/contract.ts';
import type { JobRef, Observation } from '../workflows/observation.ts';
import { isInteresting, signatureOf } from './edges.ts';
import { refIn, ROLE_LABEL } from './names.ts';
import { observe, showsItsEnd } from './outcome.ts';
import { statusesOf } from './pod.ts';
import { epochMs } from './time.ts';
import type { WatchHandler } from './watch.ts';
import type { WatchedObject } from './watch-stream.ts';

/** What the two watches have shown so far, joined by the UID of the Job. */
export interface View {
  readonly jobs: WatchHandler<V1Job>;
  readonly pods: WatchHandler<V1Pod>;
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
  const jobs = new Map<string, V1Job>();
  const pods = new Map<string, Map<string, V1Pod>>();
  const seen = new Map<string, Observation>();
  const ended = new Set<string>();
  const listed = new Set<'jobs' | 'pods'>();

  /** What goes wrong over one Job must neither end a watch nor keep others from being told. */
  const guarded = (jobUid: string, deed: () => void) => {
    try {
      deed();
    } catch (error) {
      onFault(jobUid, error);
    }
  };
  const tell = (jobUid: string, name: string, observation: Observation, changedMs?: number) => {
    const before = seen.get(jobUid);
    if (before && signatureOf(before) === signatureOf(observation)) return;
    seen.set(jobUid, observation);
    if (isEnd(observation.stage)) ended.add(jobUid);
    if (isInteresting(observation, before)) onObservation(name, observation, changedMs);
  };
  const podsOf = (jobUid: string) => [...(pods.get(jobUid)?.values() ?? [])];
  const lookAt = (jobUid: string) => {
    const job = jobs.get(jobUid);
    const owner = whoseIs(job);
    // Before both lists have come, a Job without a pod would look as if it had lost it.
    if (!job || !owner || listed.size < 2 || ended.has(jobUid)) return;
    const { ref, role } = owner;
    const own = podsOf(jobUid);
    if (showsItsEnd(role, job, own)) return tell(jobUid, ref.name, observe(role, job, own), lastChangeMs(own));
    onUnexplainedEnd(ref, role, (observation) => {
      if (!jobs.has(jobUid) || ended.has(jobUid) || observation.jobUid !== jobUid) return;
      guarded(jobUid, () => tell(jobUid, ref.name, observation));
    });
  };
  const look = (jobUid: string) => guarded(jobUid, () => lookAt(jobUid));
  const lookAtAll = () => [...jobs.keys()].forEach(look);

  /** A Job that is gone before it has ended was deleted by somebody; one whose end was told is nobody's news. */
  const dropJob = (jobUid: string) => {
    const job = jobs.get(jobUid);
    const owner = whoseIs(job);
    const tellLast = () => owner && onObservation(owner.ref.name, lastOf(owner.role, jobUid, job));
    if (!ended.has(jobUid)) guarded(jobUid, tellLast);
    for (const collection of [jobs, seen, ended]) collection.delete(jobUid);
  };
  const lastOf = (role: JobRole, jobUid: string, job: V1Job | undefined): Observation => {
    const last = observe(role, job, podsOf(jobUid));
    return isEnd(last.stage) ? last : { ...observe(role, undefined, []), jobUid };
  };
  const setPod = (pod: V1Pod) => {
    const jobUid = ownerOf(pod);
    const siblings = pods.get(jobUid) ?? new Map<string, V1Pod>();
    pods.set(jobUid, siblings.set(uidOf(pod), pod));
    return jobUid;
  };

  return {
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

/** When a container of these pods changed last. */
function lastChangeMs(pods: readonly V1Pod[]): number | undefined {
  const times = pods
    .flatMap(statusesOf)
    .map(({ state }) => epochMs(state?.terminated?.finishedAt ?? state?.running?.startedAt) ?? 0);
  return times.length > 0 ? Math.max(...times) || undefined : undefined;
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
