import { isFinal } from '../workflows/contract.ts';
import type { Job, QueuedJob } from '../workflows/contract.ts';
import type { ActivityDeps } from './deps.ts';
import { listOpenJobs } from './open-jobs.ts';

const PAGE_SIZE = 500;

/**
 * The jobs that go at this moment, as far as Temporal lists their workflows and the mirror tells that they wait for their turn no more.
 * @throws what Temporal and MongoDB say when they are away
 */
export function createSurvey({ workflows, store }: Pick<ActivityDeps, 'workflows' | 'store'>) {
  return async function survey(): Promise<QueuedJob[]> {
    const ids = (await listOpenJobs(workflows)).flatMap(({ jobId }) => jobId ?? []);
    const going: QueuedJob[] = [];
    for (let at = 0; at < ids.length; at += PAGE_SIZE) {
      const rows = await store.findMany(ids.slice(at, at + PAGE_SIZE));
      going.push(...rows.filter(isGoing).map(({ name, owner }) => ({ name, ...(owner !== undefined && { owner }) })));
    }
    return going;
  };
}

function isGoing({ status, phase }: Job): boolean {
  return !isFinal(status) && phase !== 'queued';
}
