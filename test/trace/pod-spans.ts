import type { V1Pod } from '@kubernetes/client-node';
import { statusesOf } from '../../cluster/pod.ts';
import type { Stretch } from './history-spans.ts';

/** A pod as a watch has shown it. */
export interface SeenPod {
  /** When it was seen, in epoch milliseconds: the cluster itself counts whole seconds. */
  readonly atMs: number;
  readonly pod: V1Pod;
  readonly isGone: boolean;
}

/** What became of one pod when, from all that was seen of it, in order. */
export function stretchesOfPod(seen: readonly SeenPod[]): Stretch[] {
  const [first] = seen;
  const last = seen.at(-1);
  if (!first || !last) return [];
  const scheduledMs = firstTime(seen, ({ spec }) => spec?.nodeName !== undefined);
  const containers = namesIn(last.pod).flatMap((name) => stretchOfContainer(seen, name));
  const deletionMs = firstTime(seen, ({ metadata }) => metadata?.deletionTimestamp !== undefined);
  return [
    ...stretch('waits for a node', first.atMs, scheduledMs),
    ...containers.flatMap((container, at) => {
      const beforeMs = containers[at - 1]?.endMs ?? scheduledMs ?? first.atMs;
      return [{ name: `starts ${container.name}`, startMs: beforeMs, endMs: container.startMs }, container];
    }),
    ...stretch('is deleted', deletionMs, last.isGone ? last.atMs : undefined),
  ];
}

function stretchOfContainer(seen: readonly SeenPod[], name: string): Stretch[] {
  const state = (pod: V1Pod) => statusesOf(pod).find((status) => status.name === name)?.state;
  const endMs = firstTime(seen, (pod) => state(pod)?.terminated !== undefined);
  const startMs = firstTime(seen, (pod) => state(pod)?.running !== undefined) ?? endMs;
  return stretch(name, startMs, endMs);
}

function stretch(name: string, startMs: number | undefined, endMs: number | undefined): Stretch[] {
  return startMs === undefined || endMs === undefined ? [] : [{ name, startMs, endMs }];
}

function firstTime(seen: readonly SeenPod[], isSo: (pod: V1Pod) => boolean): number | undefined {
  return seen.find(({ pod }) => isSo(pod))?.atMs;
}

/** In the order in which they run. */
function namesIn({ spec }: V1Pod): string[] {
  return [...(spec?.initContainers ?? []), ...(spec?.containers ?? [])].map(({ name }) => name);
}
