import type { Cluster } from '../cluster/client.ts';
import { ClusterRefusedError } from '../cluster/errors.ts';
import type { ReadLog } from '../cluster/logs.ts';
import { newestPodOf } from '../cluster/outcome.ts';
import type { ReadJobLog } from './deps.ts';
import { unavailable } from './errors.ts';

/** Reads logs from the newest pod that runs the container. */
export function createReadJobLog(cluster: Pick<Cluster, 'listPods'>, readLog: ReadLog): ReadJobLog {
  return async (job, container, options) => {
    try {
      const pod = newestPodOf(await cluster.listPods(job), container === 'cleanup' ? 'cleanup' : 'task');
      const podName = pod?.metadata?.name;
      return podName === undefined ? undefined : await readLog(podName, container, options);
    } catch (error) {
      if (isAbsent(error)) return undefined;
      throw unavailable('Kubernetes', error);
    }
  };
}

/** 404: the pod is gone. 400: it has no such container, or this one has not started. */
function isAbsent(error: unknown): boolean {
  return error instanceof ClusterRefusedError && (error.code === 404 || error.code === 400);
}
