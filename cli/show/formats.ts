/** The forms in which a result can be written. */
import { stringify } from 'yaml';
import type { Job } from '../../client/types.ts';
import { describeJob, jobColumns } from './jobs.ts';
import { tableOf } from './table.ts';

export const FORMATS = ['table', 'wide', 'name', 'json', 'yaml'] as const;
/** How a result is written. */
export type Format = (typeof FORMATS)[number];

/** A list of jobs in the form that was asked for. */
export function formatJobs(jobs: readonly Job[], format: Format, nowMs: number): string {
  if (format === 'json') return `${JSON.stringify(jobs, undefined, 2)}\n`;
  if (format === 'yaml') return stringify(jobs);
  if (format === 'name') return jobs.map(({ name }) => `${name}\n`).join('');
  return tableOf(jobColumns(nowMs, format === 'wide'), jobs);
}

/** One job in the form that was asked for. */
export function formatJob(job: Job, format: Format, nowMs: number): string {
  if (format === 'json') return `${JSON.stringify(job, undefined, 2)}\n`;
  if (format === 'yaml') return stringify(job);
  if (format === 'name') return `${job.name}\n`;
  return describeJob(job, nowMs);
}
