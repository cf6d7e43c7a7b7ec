/** Finding the name of an open job by its id, which Temporal has no index for, at a cost that does not grow with requests or jobs. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { IS_OPEN } from '../temporal.ts';
import { BATCH_JOB_WORKFLOW, jobNameOf } from '../workflows/names.ts';

/**
 * One page of Temporal's list, which begins with the newest. A job is looked for here when its row could not be written as it was accepted,
 * and its workflow has not written one since: it is among the newest.
 */
const MAX_LOOKED_AT = 1000;
const OPEN_JOBS = `WorkflowType = '${BATCH_JOB_WORKFLOW}' AND ${IS_OPEN}`;

/** Names by the ids of the newest open jobs. */
export type OpenNames = ReadonlyMap<string, string>;

/** Lists the newest open jobs. What began a moment ago may be missing. */
export async function listOpenNames({ workflow }: Pick<Client, 'workflow'>): Promise<OpenNames> {
  const names = new Map<string, string>();
  let looked = 0;
  for await (const { workflowId, memo } of workflow.list({ query: OPEN_JOBS, pageSize: MAX_LOOKED_AT })) {
    const [id, name] = [memo?.['jobId'], jobNameOf(workflowId)];
    if (typeof id === 'string' && name !== undefined) names.set(id, name);
    // Leaves before the next page is asked for.
    if ((looked += 1) === MAX_LOOKED_AT) break;
  }
  return names;
}

/**
 * Looks names up in lists that begin after the request, one at a time, each `intervalMs` after the one before at the earliest: all requests
 * that come meanwhile share the next one.
 */
export function createNameLookUp(
  list: () => Promise<OpenNames>,
  intervalMs: number,
): (id: string) => Promise<string | undefined> {
  let last: Promise<unknown> = Promise.resolve();
  let next: Promise<OpenNames> | undefined;
  const begin = async (after: Promise<unknown>) => {
    await after;
    next = undefined;
    return await list();
  };
  return async (id) => {
    if (next === undefined) {
      next = begin(last);
      last = Promise.allSettled([next]).then(() => delay(intervalMs, undefined, { ref: false }));
    }
    return (await next).get(id);
  };
}
