import { BatchV1Api, CoreV1Api } from '@kubernetes/client-node';
import type { KubeConfig, V1ObjectMeta } from '@kubernetes/client-node';
import type { JobRole } from '../workflows/contract.ts';
import type { JobRef } from '../workflows/observation.ts';
import { ask } from './ask.ts';
import { selectorOf } from './names.ts';
import { createOpenStream } from './stream.ts';
import { listAll, watchOnce } from './watch-stream.ts';
import type { Source, WatchedObject } from './watch-stream.ts';

/** An object as far as deleting it needs to know it. */
export interface ObjectRef {
  readonly kind: 'Job' | 'Pod' | 'PersistentVolumeClaim';
  readonly name: string;
  readonly uid: string;
}

/** How a job leaves the cluster. */
export interface Remains {
  /**
   * Asks for the deletion of the Jobs and the claims of the job, or of the Job of one role of it. The cluster deletes the pods of a Job
   * by itself.
   */
  deleteAll(ref: JobRef, role?: JobRole): Promise<void>;
  /**
   * What is left of the job, or of one role of it: all at once, and again after each change, until the caller leaves or `signal` aborts.
   * It lists once, and then watches. Ends by itself when one of its watches does: who still waits has to begin anew.
   */
  followObjects(ref: JobRef, role: JobRole | undefined, signal: AbortSignal): AsyncGenerator<readonly ObjectRef[]>;
}

const PATHS: Readonly<Record<ObjectRef['kind'], (namespace: string) => string>> = {
  Job: (namespace) => `/apis/batch/v1/namespaces/${namespace}/jobs`,
  Pod: (namespace) => `/api/v1/namespaces/${namespace}/pods`,
  PersistentVolumeClaim: (namespace) => `/api/v1/namespaces/${namespace}/persistentvolumeclaims`,
};
const KINDS = Object.keys(PATHS) as ObjectRef['kind'][];

/** Nobody follows for longer. */
const LONGEST_SECONDS = 120;

const UNHEARD = { onOpen: () => undefined, onBytes: () => undefined, onClose: () => undefined };

/** @returns the verbs bound to `namespace` */
export function createRemains(kubeConfig: KubeConfig, namespace: string): Remains {
  const core = kubeConfig.makeApiClient(CoreV1Api);
  const batch = kubeConfig.makeApiClient(BatchV1Api);
  const openStream = createOpenStream(kubeConfig);
  return {
    async deleteAll(ref, role) {
      const request = { namespace, labelSelector: selectorOf(ref, role), propagationPolicy: 'Background' };
      // Jobs first: a Job whose pod vanished might make another.
      await ask('delete jobs', batch.deleteCollectionNamespacedJob(request));
      if (role === undefined) await ask('delete claims', core.deleteCollectionNamespacedPersistentVolumeClaim(request));
    },

    followObjects(ref, role, signal) {
      const limits = { silenceMs: LONGEST_SECONDS * 1000, durationSeconds: LONGEST_SECONDS };
      const source = { openStream, labelSelector: selectorOf(ref, role), ...limits };
      const parts = KINDS.map((kind) => ({ kind, source: { ...source, path: PATHS[kind](namespace) } }));
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
  const listed = await Promise.all(parts.map((part) => listPart(part, left, signal)));
  yield [...left.values()];
  const over = new AbortController();
  const until = AbortSignal.any([signal, over.signal]);
  let change = Promise.withResolvers<'changed'>();
  const watches = parts.map((part, at) =>
    watchPart(part, listed[at] ?? '', left, () => change.resolve('changed'), until),
  );
  const ended = Promise.race(watches).then(() => 'ended' as const);
  try {
    while ((await Promise.race([change.promise, ended])) === 'changed') {
      change = Promise.withResolvers();
      yield [...left.values()];
    }
  } finally {
    over.abort();
    await Promise.allSettled([...watches, ended]);
  }
}

/** @returns from where a watch misses nothing */
async function listPart({ kind, source }: Part, left: Map<string, ObjectRef>, signal: AbortSignal): Promise<string> {
  const { objects, resourceVersion } = await ask(`list ${kind}s`, listAll<WatchedObject>(source, signal));
  for (const { metadata } of objects) note(kind, metadata, left);
  return resourceVersion;
}

async function watchPart(
  { kind, source }: Part,
  version: string,
  left: Map<string, ObjectRef>,
  onChange: () => void,
  signal: AbortSignal,
): Promise<void> {
  for await (const { type, object } of watchOnce<WatchedObject>(source, version, UNHEARD, signal)) {
    if (type === 'BOOKMARK') continue;
    if (type === 'DELETED') left.delete(object.metadata?.uid ?? '');
    else note(kind, object.metadata, left);
    onChange();
  }
}

function note(kind: ObjectRef['kind'], { name = '', uid = '' }: V1ObjectMeta = {}, left: Map<string, ObjectRef>): void {
  left.set(uid, { kind, name, uid });
}
