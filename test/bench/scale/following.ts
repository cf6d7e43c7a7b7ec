import { setTimeout as sleep } from 'node:timers/promises';
import { makeInformer } from '@kubernetes/client-node';
import type { KubeConfig, KubernetesListObject, KubernetesObject } from '@kubernetes/client-node';
import { JOB_ID_LABEL } from '../../../cluster/names.ts';
import type { Closing } from '../../support/scope.ts';

const RESTART_MS = 500;

/** What is listed and watched. */
export interface Followed<T extends KubernetesObject> {
  readonly path: string;
  readonly labelSelector: string;
  readonly list: () => Promise<KubernetesListObject<T>>;
  /** Told of each object when it comes, of each change, and of its end. */
  readonly onChange?: (object: T) => void;
}

/** Objects of jobs as they are now, by one watch. */
export interface Following<T> {
  /** All objects of the job with this id. */
  of(jobId: string): readonly T[];
  all(): readonly T[];
  /** Resolves when `isThere` holds of the objects of a job. */
  until(jobId: string, isThere: (objects: readonly T[]) => boolean): Promise<void>;
  stop(): Promise<void>;
}

/** Begins to follow, until `scope` ends at the latest. */
export async function follow<T extends KubernetesObject>(
  scope: Closing,
  kubeConfig: KubeConfig,
  { path, labelSelector, list, onChange }: Followed<T>,
): Promise<Following<T>> {
  const jobs = new Map<string, Map<string, T>>();
  const waiting = new Map<string, Set<() => void>>();
  const of = (jobId: string) => [...(jobs.get(jobId)?.values() ?? [])];
  const informer = makeInformer(kubeConfig, path, list, labelSelector);
  let isStopped = false;

  const note = (change: (objects: Map<string, T>, object: T) => void) => (object: T) => {
    const jobId = object.metadata?.labels?.[JOB_ID_LABEL] ?? '';
    const objects = jobs.get(jobId) ?? new Map<string, T>();
    change(objects, object);
    jobs.set(jobId, objects);
    waiting.get(jobId)?.forEach((look) => look());
    onChange?.(object);
  };
  const kept = note((objects, object) => objects.set(object.metadata?.uid ?? '', object));
  informer.on('add', kept);
  informer.on('update', kept);
  informer.on(
    'delete',
    note((objects, object) => objects.delete(object.metadata?.uid ?? '')),
  );
  informer.on('error', () => void sleep(RESTART_MS).then(() => (isStopped ? undefined : informer.start())));
  const stop = async () => {
    isStopped = true;
    await informer.stop();
  };
  scope.after(stop);
  await informer.start();

  return {
    of,
    all: () => [...jobs.values()].flatMap((objects) => [...objects.values()]),
    async until(jobId, isThere) {
      if (isThere(of(jobId))) return;
      const looks = waiting.get(jobId) ?? new Set();
      waiting.set(jobId, looks);
      await new Promise<void>((resolve) => {
        const look = () => {
          if (!isThere(of(jobId))) return;
          looks.delete(look);
          resolve();
        };
        looks.add(look);
      });
      if (looks.size === 0) waiting.delete(jobId);
    },
    stop,
  };
}
