import { randomUUID } from 'node:crypto';
import type { Collection } from 'mongodb';
import { toDocument } from '../../store/document.ts';
import type { JobDocument } from '../../store/document.ts';
import { aJob, aSucceededJob } from '../support/job-builder.ts';

/** One of so many jobs runs: a service that is used has far more jobs that have ended. */
const RUNNING_IN = 100;
const AT_ONCE = 1_000;
const FIRST_MS = 1_700_000_000_000;

/** Writes `count` rows as the store does, many at once. All but a hundredth of the jobs have ended. */
export async function writeRows(jobs: Collection<JobDocument>, count: number): Promise<void> {
  for (let written = 0; written < count; written += AT_ONCE) {
    const more = Array.from({ length: Math.min(AT_ONCE, count - written) }, (_, at) => rowOf(written + at));
    await jobs.insertMany(more, { ordered: false });
  }
}

function rowOf(at: number): JobDocument {
  const [id, created] = [randomUUID(), FIRST_MS + 1_000 * at];
  const fields = { id, created, name: `row-${at}-${id.slice(0, 8)}`, startTime: created + 500 };
  const running = { status: 'running', phase: 'running', revision: 4 } as const;
  return toDocument(at % RUNNING_IN === 0 ? aJob({ ...fields, ...running }) : aSucceededJob(fields), created);
}
