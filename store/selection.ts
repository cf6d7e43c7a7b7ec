/** Which jobs a list holds, as a query that MongoDB 8 and FerretDB 1.24 both understand. */
import type { Filter } from 'mongodb';
import type { JobStatus } from '../workflows/contract.ts';
import type { JobDocument } from './document.ts';

/** The place of a job in the order of lists. */
export interface PageKey {
  /** Epoch milliseconds. */
  readonly created: number;
  readonly id: string;
}

/** Which jobs a list holds: newest first, at most `limit`. All that is said must hold. */
export interface JobSelection {
  readonly statuses: readonly JobStatus[] | 'all';
  readonly limit: number;
  /** Only jobs of this owner. */
  readonly owner?: string;
  /** First characters of the name: lower case letters, digits and dashes. */
  readonly namePrefix?: string;
  /** Each `key=value`; a job must have all. */
  readonly labels?: readonly string[];
  /** Only jobs that are newer than this, in epoch milliseconds. */
  readonly createdAfter?: number;
  /** Only jobs that are older than this, in epoch milliseconds. */
  readonly createdBefore?: number;
  /** Only what comes after this job in the list, whether or not it is there. */
  readonly after?: PageKey;
}

/** Newest first. The id decides between jobs of one millisecond, so that each job has one place. */
export const NEWEST_FIRST = { 'job.created': -1, _id: -1 } as const;

/** The character after the last one that a name may hold. */
const BEYOND_NAMES = '{';

/** The query of a selection. Each condition is one that an index can serve. */
export function filterOf(selection: JobSelection): Filter<JobDocument> {
  const { statuses, owner, namePrefix, labels = [], after } = selection;
  return {
    ...(owner !== undefined && { 'job.owner': { $eq: owner } }),
    ...(statuses !== 'all' && { 'job.status': { $in: [...statuses] } }),
    ...(namePrefix && { 'job.name': { $gte: namePrefix, $lt: namePrefix + BEYOND_NAMES } }),
    ...(labels.length > 0 && { labelPairs: { $all: [...labels] } }),
    ...createdWithin(selection),
    ...(after && {
      $or: [{ 'job.created': { $lt: after.created } }, { 'job.created': after.created, _id: { $lt: after.id } }],
    }),
  };
}

/** With a bound on `created` of the page's own: an index is entered there, which the `$or` alone does not bring about. */
function createdWithin({ createdAfter, createdBefore, after }: JobSelection): Filter<JobDocument> {
  const bounds = {
    ...(createdAfter !== undefined && { $gt: createdAfter }),
    ...(createdBefore !== undefined && { $lt: createdBefore }),
    ...(after && { $lte: after.created }),
  };
  return Object.keys(bounds).length > 0 ? { 'job.created': bounds } : {};
}
