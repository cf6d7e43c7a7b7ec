import type { Bucket } from '../bucket/bucket.ts';
import { isBadRecord, isObjectMissing } from '../bucket/errors.ts';
import { recordObjectOf } from '../bucket/objects.ts';
import { readRecord } from '../bucket/records.ts';
import type { Store } from '../store/store.ts';
import { isFinal, UNENDED_STATUSES } from '../workflows/contract.ts';
import type { Job } from '../workflows/contract.ts';
import type { ActivityDeps } from './deps.ts';
import { jobOf } from './job-history.ts';
import { describeJob, listOpenJobs } from './open-jobs.ts';

/** What was done about the mirror. */
export interface Healed {
  /** Jobs that were mirrored as going on and have ended. */
  readonly healed: number;
  /** Ids of jobs that are mirrored as going on, and whose end nobody knows; some of them when they are many. */
  readonly endless: readonly string[];
}

/** At most so many rows are written in one run; the rest is for the next. */
const MAX_HEALED = 100;
/** At most so many are told by id, so that the result fits into a history. */
const MAX_TOLD = 100;
const PAGE_SIZE = 500;

type HealDeps = Pick<ActivityDeps, 'workflows' | 'bucket' | 'store'>;

/**
 * Gives the rows of the mirror that go on without a workflow the end of their job: from the workflow that has closed, or from the
 * record in the bucket. A row whose end neither knows, as that of a job that was ended by force, is left as it is.
 * @throws what MongoDB, Temporal and the bucket say when they are away
 */
export function createHeal(deps: HealDeps) {
  return async function heal(): Promise<Healed> {
    const rows = await listUnended(deps.store);
    const open = new Set((await listOpenJobs(deps.workflows)).map(({ workflowId }) => workflowId));
    const endless: string[] = [];
    let healed = 0;
    for (const row of rows.filter(({ workflowId }) => !open.has(workflowId))) {
      if (healed >= MAX_HEALED) break;
      const state = await stateOf(deps, row);
      if (state === undefined) endless.push(row.id);
      else if (isFinal(state.status) && (await deps.store.record(state)) === 'written') healed++;
    }
    return { healed, endless: endless.slice(0, MAX_TOLD) };
  };
}

/** All rows that are not final, newest first. */
async function listUnended(store: Pick<Store, 'list'>): Promise<Job[]> {
  const rows: Job[] = [];
  for (let page: Job[] | undefined; page === undefined || page.length === PAGE_SIZE; rows.push(...page)) {
    const last = rows.at(-1);
    page = await store.list({ statuses: UNENDED_STATUSES, limit: PAGE_SIZE, ...(last && { after: last }) });
  }
  return rows;
}

/** The end of the job; `row` itself when its workflow is open after all; undefined when nobody knows. */
async function stateOf({ workflows, bucket }: HealDeps, row: Job): Promise<Job | undefined> {
  const run = await describeJob(workflows, row.name);
  if (run !== undefined && run.closeTime === undefined) return row;
  const job = run && (await jobOf(workflows, run));
  return job?.id === row.id && isFinal(job.status) ? job : await recorded(bucket, row.id);
}

async function recorded(bucket: Pick<Bucket, 'read'>, id: string): Promise<Job | undefined> {
  try {
    return await readRecord(bucket, recordObjectOf(id));
  } catch (error) {
    if (isObjectMissing(error) || isBadRecord(error)) return undefined;
    throw error;
  }
}
