import { isObjectExists } from '../bucket/errors.ts';
import { logObjectOf } from '../bucket/objects.ts';
import type { JobRef } from '../cluster/names.ts';
import type { ActivityDeps } from './deps.ts';
import { heartbeating } from './heartbeat.ts';

/** Longest log that is kept; the node rotates away more than that anyway. */
const LOG_LIMIT_BYTES = 64 * 1024 ** 2;

/** Keeps the task's log in the bucket before its pod is deleted. Returns the object's name. */
export function createLogs({ readLog, bucket }: ActivityDeps) {
  return async function logs(ref: JobRef, podName: string): Promise<string> {
    const object = logObjectOf(ref.name);
    const log = await readLog(podName, 'task', { limitBytes: LOG_LIMIT_BYTES });
    try {
      await heartbeating(bucket.write(object, log, { contentType: 'text/plain; charset=utf-8' }));
    } catch (error) {
      if (!isObjectExists(error)) throw error;
    }
    return object;
  };
}
