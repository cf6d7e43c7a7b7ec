import { UNENDED_STATUSES } from '../workflows/contract.ts';
import type { Job } from '../workflows/contract.ts';
import type { JobRef } from '../workflows/observation.ts';
import type { ActivityDeps } from './deps.ts';
import { listAbandonedJobs, listOpenJobs } from './open-jobs.ts';

/** A job that goes on, as far as the mirror knows, and whose workflow is not listed as open. */
export interface Unfollowed {
  readonly ref: JobRef;
  /** What the mirror has of it; absent when it has nothing. */
  readonly row?: Job;
}

const PAGE_SIZE = 500;

type Deps = Pick<ActivityDeps, 'workflows' | 'store'>;

/** Rows without an open workflow, newest first, and then closed workflows without an end or a row. Lists may lag. */
export async function* listUnfollowed(deps: Deps, pageSize = PAGE_SIZE): AsyncGenerator<Unfollowed> {
  const open = new Set((await listOpenJobs(deps.workflows)).map(({ workflowId }) => workflowId));
  for await (const row of listUnended(deps.store, pageSize)) {
    if (!open.has(row.workflowId)) yield { ref: { id: row.id, name: row.name }, row };
  }
  for (const ref of await listUnmirrored(deps)) yield { ref };
}

/** All rows that are not final, newest first. A row that ends meanwhile moves no other. */
async function* listUnended(store: Deps['store'], pageSize: number): AsyncGenerator<Job> {
  for (let after: Job | undefined; ;) {
    const page = await store.list({ statuses: UNENDED_STATUSES, limit: pageSize, ...(after && { after }) });
    yield* page;
    after = page.at(-1);
    if (page.length < pageSize) return;
  }
}

/** A job may have lost its workflow before the mirror heard of it. */
async function listUnmirrored({ workflows, store }: Deps): Promise<JobRef[]> {
  const refs = await listAbandonedJobs(workflows);
  const mirrored = new Set((await store.findMany(refs.map(({ id }) => id))).map(({ id }) => id));
  return refs.filter(({ id }) => !mirrored.has(id));
}
