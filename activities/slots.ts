import { log } from '@temporalio/activity';
import { isFinal } from '../workflows/contract.ts';
import { ADMISSION, HOLDERS_QUERY, LEAVE_SIGNAL, workflowIdOf } from '../workflows/names.ts';
import type { ActivityDeps } from './deps.ts';
import { unlessForgotten } from './job-history.ts';
import { describeJob, listOpenJobs } from './open-jobs.ts';

type Deps = Pick<ActivityDeps, 'workflows' | 'store' | 'inFlight'>;

/**
 * Frees the places that jobs hold which have ended without saying so, as their workflows were ended by force. One whose end is not yet
 * told may still have something on the cluster, and keeps its place.
 * @returns how many; undefined when there are no limits, or it could not be found out, which is logged and hinders nothing else
 */
export async function freeSlots(deps: Deps): Promise<number | undefined> {
  if (deps.inFlight === undefined) return undefined;
  try {
    return (await unlessForgotten(() => freeThoseOfEnded(deps))) ?? 0;
  } catch (error) {
    log.warn('the places of jobs that have ended could not be freed', { error });
    return undefined;
  }
}

async function freeThoseOfEnded(deps: Deps): Promise<number> {
  const admission = deps.workflows.getHandle(ADMISSION);
  const holders = await admission.query<string[]>(HOLDERS_QUERY);
  const open = new Set((await listOpenJobs(deps.workflows)).map(({ workflowId }) => workflowId));
  let freed = 0;
  for (const name of holders) {
    if (open.has(workflowIdOf(name)) || !(await hasEnded(deps, name))) continue;
    await admission.signal(LEAVE_SIGNAL, name);
    freed++;
  }
  return freed;
}

/** A list may lack a workflow; the workflow itself is asked, too. */
async function hasEnded({ workflows, store }: Deps, name: string): Promise<boolean> {
  const workflow = await describeJob(workflows, name);
  if (workflow !== undefined && workflow.closeTime === undefined) return false;
  const row = await store.find(name);
  return row === undefined || isFinal(row.status);
}
