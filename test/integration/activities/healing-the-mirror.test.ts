import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createHeal } from '../../../activities/heal.ts';
import { writeRecord } from '../../../bucket/records.ts';
import type { Job } from '../../../workflows/contract.ts';
import { createTestBucket } from '../../support/gcs.ts';
import { aJob, aSucceededJob } from '../../support/job-builder.ts';
import { openStore } from '../../support/open-store.ts';
import { aRef, createWorkflows } from '../../support/reconciling.ts';
import { startJob } from '../../support/temporal.ts';

/** What the mirror has of a job that goes on. */
function mirrored({ id, name }: Pick<Job, 'id' | 'name'>): Job {
  return aJob({ id, name, revision: 1, status: 'running', phase: 'running' });
}

test('a row that missed the end of its workflow gets it', async (context) => {
  const [{ client }, { bucket }, store] = [
    await createWorkflows(context),
    await createTestBucket(),
    await openStore(context),
  ];
  const started = await startJob(context);
  await started.called('deploy');
  await started.kill();
  const end = await started.result();
  await store.record(mirrored(end));
  const heal = createHeal({ workflows: client.workflow, bucket, store });
  assert.deepEqual(await heal(), { healed: 1, endless: [] });
  assert.deepEqual(await store.find(end.id), end);
  assert.deepEqual(await heal(), { healed: 0, endless: [] });
});

test('a row whose workflow is forgotten gets the end from the bucket', async (context) => {
  const [{ client }, { bucket }, store] = [
    await createWorkflows(context),
    await createTestBucket(),
    await openStore(context),
  ];
  const end = aSucceededJob();
  await writeRecord(bucket, end);
  await store.record(mirrored(end));
  assert.deepEqual(await createHeal({ workflows: client.workflow, bucket, store })(), { healed: 1, endless: [] });
  assert.deepEqual(await store.find(end.id), end);
});

test('a row stays when its workflow is open, and is told when nobody knows its end', async (context) => {
  const [{ client, openJob, endJob }, { bucket }, store] = [
    await createWorkflows(context),
    await createTestBucket(),
    await openStore(context),
  ];
  const [open, terminated, unknown] = [aRef(), aRef(), aRef()];
  await openJob(open);
  await endJob(await openJob(terminated));
  const rows = [open, terminated, unknown].map(mirrored);
  for (const row of rows) await store.record(row);
  const { healed, endless } = await createHeal({ workflows: client.workflow, bucket, store })();
  assert.deepEqual([healed, [...endless].sort()], [0, [terminated.id, unknown.id].sort()]);
  for (const row of rows) assert.deepEqual(await store.find(row.id), row);
});
