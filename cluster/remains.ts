import type { V1Pod } from '@kubernetes/client-node';
import type { JobRole } from '../workflows/contract.ts';
import { isOnePod } from '../workflows/observation.ts';
import type { JobRef } from '../workflows/observation.ts';
import { ask } from './ask.ts';
import { selectorOf } from './names.ts';
import { lingers } from './pod.ts';
import type { OpenStream } from './stream.ts';
import { LISTED, listAndWatch } from './watch-stream.ts';
import type { Source, WatchedObject, WatchEvent } from './watch-stream.ts';

/** An object as far as deleting it needs to know it. */
export interface ObjectRef {
  readonly kind: 'Job' | 'Pod' | 'PersistentVolumeClaim';
  readonly name: string;
  readonly uid: string;
  /** Of a pod: its containers have ended, and its node has not put it away yet. */
  readonly lingers?: true;
}

/** How a job leaves the cluster. */
export interface Remains {
  /**
   * What is left of the job, or of one role of it: all at once, and again after each change, until the caller leaves or `signal` aborts.
   * Ends by itself when one of its watches does: who still waits has to begin anew.
   */
  followObjects(ref: JobRef, role: JobRole | undefined, signal: AbortSignal): AsyncGenerator<readonly ObjectRef[]>;
}

/** What a job has on the cluster, in the order in which it is told: a Job whose pod vanished might make another. */
export const KINDS = ['Job', 'Pod', 'PersistentVolumeClaim'] as const satisfies ObjectRef['kind'][];

/** Where the objects of a kind are in `namespace`. */
export function pathOf(kind: ObjectRef['kind'], namespace: string): string {
  const roots = {
    Job: ['/apis/batch/v1', 'jobs'],
    Pod: ['/api/v1', 'pods'],
    PersistentVolumeClaim: ['/api/v1', 'persistentvolumeclaims'],
  };
  const [root, resource] = roots[kind];
  return `${root}/namespaces/${namespace}/${resource}`;
}

/** A role alone has no claims, and a job in one pod has none at all. */
function kindsOf(ref: JobRef, role: JobRole | undefined): readonly ObjectRef['kind'][] {
  return role === undefined && !isOnePod(ref) ? KINDS : KINDS.filter((kind) => kind !== 'PersistentVolumeClaim');
}

/** Nobody follows for longer. */
const LONGEST_SECONDS = 120;

const UNHEARD = { onOpen: () => undefined, onBytes: () => undefined, onClose: () => undefined };

/** @returns the verbs bound to `namespace` */
export function createRemains(openStream: OpenStream, namespace: string): Remains {
  return {
    followObjects(ref, role, signal) {
      const limits = { silenceMs: LONGEST_SECONDS * 1000, durationSeconds: LONGEST_SECONDS };
      const source = { openStream, labelSelector: selectorOf(ref, role), ...limits };
      const parts = kindsOf(ref, role).map((kind) => ({ kind, source: { ...source, path: pathOf(kind, namespace) } }));
      return follow(parts, signal);
    },
  };
}

interface Part {
  readonly kind: ObjectRef['kind'];
  readonly source: Source;
}

async function* follow(parts: readonly Part[], signal: AbortSignal): AsyncGenerator<readonly ObjectRef[]> {
  const left = new Map<string, ObjectRef>();
  const over = new AbortController();
  const until = AbortSignal.any([signal, over.signal]);
  let change = Promise.withResolvers<'changed'>();
  const watches = parts.map((part) => watchPart(part, left, () => change.resolve('changed'), until));
  const ended = Promise.race(watches.map((watch) => watch.ended)).then(() => 'ended' as const);
  const listed = Promise.all(watches.map((watch) => watch.listed)).then(() => 'changed' as const);
  try {
    if ((await Promise.race([listed, ended])) === 'ended') return;
    do {
      change = Promise.withResolvers();
      yield [...left.values()];
    } while ((await Promise.race([change.promise, ended])) === 'changed');
  } finally {
    over.abort();
    await Promise.allSettled([...watches.map((watch) => watch.ended), ended]);
  }
}

/** Keeps `left` as the cluster has it: it is `listed` when all that there is stands there, and `ended` as the watch ends. */
function watchPart(part: Part, left: Map<string, ObjectRef>, onChange: () => void, signal: AbortSignal) {
  const listed = Promise.withResolvers<void>();
  const watch = async () => {
    for await (const event of listAndWatch<WatchedObject>(part.source, UNHEARD, signal)) {
      if (event === LISTED) listed.resolve();
      else if (takeIn(part.kind, event, left)) onChange();
    }
  };
  return { listed: listed.promise, ended: ask(`follow ${part.kind}s`, watch()) };
}

/** @returns true when it may have changed something */
function takeIn(
  kind: ObjectRef['kind'],
  { type, object }: WatchEvent<WatchedObject>,
  left: Map<string, ObjectRef>,
): boolean {
  if (type === 'BOOKMARK') return false;
  if (type === 'DELETED') left.delete(object.metadata?.uid ?? '');
  else left.set(object.metadata?.uid ?? '', objectRef(kind, object));
  return true;
}

/** What deleting `object` needs to know of it. */
export function objectRef(kind: ObjectRef['kind'], object: WatchedObject): ObjectRef {
  const { name = '', uid = '' } = object.metadata ?? {};
  return { kind, name, uid, ...(kind === 'Pod' && lingers(object as V1Pod) && { lingers: true }) };
}
