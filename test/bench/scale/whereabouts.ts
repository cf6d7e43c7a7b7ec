import { setTimeout as sleep } from 'node:timers/promises';
import { MongoClient } from 'mongodb';
import { BATCH_JOB_WORKFLOW } from '../../../workflows/names.ts';
import { required } from '../../support/environment.ts';
import type { ScaledService } from './service.ts';

/** Mirror and lists of Temporal are a little behind. */
const LONGEST_MS = 60_000;
const LOOK_MS = 2_000;

/** Waits until all of `jobs` stand in the mirror and in Temporal. @returns how many did not come to */
export async function untilAllThere(
  { client }: Pick<ScaledService, 'client'>,
  jobs: readonly { readonly id: string }[],
): Promise<number> {
  for (const endMs = Date.now() + LONGEST_MS; ;) {
    const places = await Promise.all([mirrored(), started(client)]);
    const missing = jobs.filter(({ id }) => !places.every((ids) => ids.has(id)));
    if (missing.length === 0 || Date.now() > endMs) return missing.length;
    await sleep(LOOK_MS);
  }
}

/** Past the store, which has limits of time that a server which reads all rows may not keep to. */
async function mirrored(): Promise<ReadonlySet<string>> {
  const client = new MongoClient(required('MONGODB_URI'));
  try {
    const jobs = client.db(required('MONGODB_DATABASE')).collection<{ readonly _id: string }>('jobs');
    const rows = await jobs.find({}, { projection: { _id: 1 } }).toArray();
    return new Set(rows.map(({ _id }) => _id));
  } finally {
    await client.close();
  }
}

async function started(client: ScaledService['client']): Promise<ReadonlySet<string>> {
  const ids = new Set<string>();
  for await (const { memo } of client.workflow.list({ query: `WorkflowType = '${BATCH_JOB_WORKFLOW}'` }))
    ids.add(String(memo?.['jobId']));
  return ids;
}
