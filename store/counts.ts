/** How many jobs there are of each status, over time. */
import type { Collection } from 'mongodb';
import { JOB_STATUSES } from '../workflows/contract.ts';
import type { JobStatus } from '../workflows/contract.ts';
import type { JobDocument } from './document.ts';
import { filterOf } from './selection.ts';

/** Spans of one length that follow each other. */
export interface Spans {
  /** Begin of the first, in epoch milliseconds. */
  readonly fromMs: number;
  readonly stepMs: number;
  readonly count: number;
  /** Only jobs of this owner. */
  readonly owner?: string;
}

/** Jobs by status. */
export type StatusCounts = Record<JobStatus, number>;

/** Counted here, from two fields of each row: grouping by time is nothing that all servers can do. */
export async function countJobs(jobs: Collection<JobDocument>, spans: Spans): Promise<StatusCounts[]> {
  const { fromMs, stepMs, count, owner } = spans;
  const counts = Array.from({ length: count }, none);
  const filter = filterOf({
    statuses: 'all',
    limit: 0,
    createdAfter: fromMs - 1,
    createdBefore: fromMs + count * stepMs,
    ...(owner !== undefined && { owner }),
  });
  const projection = { _id: 0, 'job.status': 1, 'job.created': 1 } as const;
  for await (const { job } of jobs.find<Pick<JobDocument, 'job'>>(filter, { projection })) {
    const span = counts[Math.floor((job.created - fromMs) / stepMs)];
    if (span !== undefined) span[job.status] += 1;
  }
  return counts;
}

function none(): StatusCounts {
  return Object.fromEntries(JOB_STATUSES.map((status) => [status, 0])) as StatusCounts;
}
