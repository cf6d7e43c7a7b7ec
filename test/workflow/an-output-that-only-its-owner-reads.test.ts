import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TransferReport } from '../../transfer/report.ts';
import type { Failure } from '../../workflows/contract.ts';
import type { CleanupPlacement } from '../../workflows/observation.ts';
import { anObservation } from '../support/objects.ts';
import { startJob } from '../support/temporal.ts';

const failure: Failure = {
  reason: 'OutputUploadFailed',
  phase: 'uploading',
  message: 'cannot read secret.txt',
  retryable: true,
};
const report: TransferReport = {
  ok: false,
  reason: 'OutputUploadFailed',
  message: failure.message,
  unreadableOwnerUid: 0,
};

test('the upload is run once more as the owner of the file', async (context) => {
  const placements: CleanupPlacement[] = [];
  const uids = ['first-uid', 'second-uid'];
  const job = await startJob(context, {
    cleanup: (_ref, placement) => {
      placements.push(placement);
      return Promise.resolve({ jobUid: uids[placements.length - 1] ?? '' });
    },
  });
  await job.called('deploy');
  await job.observe(anObservation({ stage: 'succeeded', exitCode: 0, nodeName: 'node-1' }));
  await job.called('cleanup');
  await job.observe(anObservation({ role: 'cleanup', jobUid: 'first-uid', stage: 'failed', failure, report }));
  while (placements.length < 2) await new Promise((resolve) => setTimeout(resolve, 20));
  while ((await job.query()).status !== 'succeeded') {
    await job.observe(anObservation({ role: 'cleanup', jobUid: 'second-uid', stage: 'succeeded' }));
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  assert.deepEqual(
    placements.map(({ nodeName, runAsUser }) => [nodeName, runAsUser]),
    [
      ['node-1', undefined],
      ['node-1', 0],
    ],
  );
});
