import type { V1Job, V1Pod } from '@kubernetes/client-node';
import type { Logger } from 'pino';
import { isEnd } from '../workflows/contract.ts';
import type { JobRole, Observation } from '../workflows/contract.ts';
import { isInteresting, signatureOf } from './edges.ts';
import { JOB_NAME_LABEL, OURS_SELECTOR, ROLE_LABEL } from './names.ts';
import { observe } from './outcome.ts';
import type { OpenStream } from './stream.ts';
import { watchForever } from './watch.ts';
import type { WatchedObject, WatchHandler } from './watch.ts';

/** Called with each edge that matters; must not throw. */
export type OnObservation = (jobName: string, observation: Observation) => void;

export interface Watcher {
  /** Watches until `signal` aborts. */
  run(signal: AbortSignal): Promise<void>;
  /** True once everything was listed and a watch goes on from there. */
  isSynced(): boolean;
}

export interface WatcherOptions {
  readonly openStream: OpenStream;
  readonly namespace: string;
  readonly onObservation: OnObservation;
  readonly logger: Logger;
}

/** One watch on all our Jobs and one on all our pods, whatever their number; observations come out. */
export function createWatcher({ openStream, namespace, onObservation, logger }: WatcherOptions): Watcher {
  const view = createView(onObservation);
  const watch = <T extends WatchedObject>(path: string, handler: WatchHandler<T>, signal: AbortSignal) =>
    watchForever<T>(openStream, path, OURS_SELECTOR, handler, logger, signal);

  return {
    isSynced: () => view.isSynced(),
    async run(signal) {
      view.clear();
      await Promise.all([
        watch<V1Job>(`/apis/batch/v1/namespaces/${namespace}/jobs`, view.jobs, signal),
        watch<V1Pod>(`/api/v1/namespaces/${namespace}/pods`, view.pods, signal),
      ]);
    },
  };
}

interface View {
  readonly jobs: WatchHandler<V1Job>;
  readonly pods: WatchHandler<V1Pod>;
  isSynced(): boolean;
  clear(): void;
}

/** What the two watches have shown so far, joined by the UID of the Job. */
function createView(onObservation: OnObservation): View {
  const jobs = new Map<string, V1Job>();
  const pods = new Map<string, Map<string, V1Pod>>();
  const seen = new Map<string, Observation>();
  const ended = new Set<string>();
  const listed = new Set<'jobs' | 'pods'>();

  const look = (jobUid: string) => {
    const job = jobs.get(jobUid);
    const { name, role } = whoseIs(job);
    // Before both lists have come, a Job without a pod would look as if it had lost it.
    if (!job || !name || !role || listed.size < 2) return;
    const observation = observe(role, job, [...(pods.get(jobUid)?.values() ?? [])]);
    const before = seen.get(jobUid);
    if (before && signatureOf(before) === signatureOf(observation)) return;
    seen.set(jobUid, observation);
    if (isEnd(observation.stage)) ended.add(jobUid);
    if (isInteresting(observation, before)) onObservation(name, observation);
  };
  const lookAtAll = () => [...jobs.keys()].forEach(look);

  /** A Job that is gone before it has ended was deleted by somebody; one that has ended is nobody's news. */
  const dropJob = (jobUid: string) => {
    const { name, role } = whoseIs(jobs.get(jobUid));
    if (name && role && !ended.has(jobUid)) onObservation(name, { ...observe(role, undefined, []), jobUid });
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
function whoseIs(job: V1Job | undefined): { readonly name?: string; readonly role?: JobRole } {
  const { [JOB_NAME_LABEL]: name, [ROLE_LABEL]: role } = job?.metadata?.labels ?? {};
  return { ...(name && { name }), ...(role && { role: role as JobRole }) };
}

function uidOf(object: WatchedObject): string {
  return object.metadata?.uid ?? '';
}

function ownerOf(pod: V1Pod): string {
  return pod.metadata?.ownerReferences?.find(({ kind }) => kind === 'Job')?.uid ?? '';
}
