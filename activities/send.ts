import { SEND_ANNOTATION } from '../cluster/names.ts';
import type { JobRef } from '../workflows/observation.ts';
import type { ActivityDeps } from './deps.ts';

/**
 * Tells the upload of a job in one pod, which waits beside the task, to begin. A pod that is gone is told nothing: whoever waits for its end
 * learns of that.
 */
export function createSend({ cluster }: Pick<ActivityDeps, 'cluster'>) {
  return async function send(_ref: JobRef, podName: string, podUid: string): Promise<void> {
    await cluster.annotatePod(podName, podUid, { [SEND_ANNOTATION]: 'now' });
  };
}
