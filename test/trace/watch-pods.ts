import { Watch } from '@kubernetes/client-node';
import type { V1Pod } from '@kubernetes/client-node';
import { JOB_NAME_LABEL } from '../../cluster/names.ts';
import { stackKubeConfig } from '../support/kube-config.ts';
import type { SeenPod } from './pod-spans.ts';

/** What is seen of the pods of one job. */
export interface PodWatch {
  /** By name, in the order in which they came. */
  seen(): ReadonlyMap<string, readonly SeenPod[]>;
  stop(): void;
}

/** Watches from before the job is sent. */
export async function watchPodsOf(namespace: string, jobName: string): Promise<PodWatch> {
  const seen = new Map<string, SeenPod[]>();
  const note = (type: string, pod: V1Pod) => {
    const name = pod.metadata?.name ?? '';
    seen.set(name, [...(seen.get(name) ?? []), { atMs: Date.now(), pod, isGone: type === 'DELETED' }]);
  };
  const stream = await new Watch(stackKubeConfig()).watch(
    `/api/v1/namespaces/${namespace}/pods`,
    { labelSelector: `${JOB_NAME_LABEL}=${jobName}` },
    note,
    () => undefined,
  );
  return { seen: () => seen, stop: () => stream.abort() };
}
