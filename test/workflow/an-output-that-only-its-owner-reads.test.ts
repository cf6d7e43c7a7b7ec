import assert from 'node:assert/strict';
import { test } from 'node:test';
import { outputOf } from '../../activities/output.ts';
import type { Activities } from '../../activities/index.ts';
import type { TransferReport, TransferSuccess } from '../../transfer/report.ts';
import type { Failure } from '../../workflows/contract.ts';
import type { CleanupPlacement } from '../../workflows/observation.ts';
import { anObservation, aRequest } from '../support/objects.ts';
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

test('an output that lacks what may not be read is kept, and fails the job once, whatever is to be tried again', async (context) => {
  const unreadable = { count: 2, message: '"/output/a" belongs to user 0 and may not be read' };
  const stored = { object: 'a.zip', sizeBytes: 22, crc32c: 'AAAAAA==' };
  const parameters = { docker_image: 'python', retry: { reasons: ['OutputUploadFailed'] } } as const;
  const publish: Activities['publish'] = (_ref, told, isComplete) =>
    Promise.resolve(outputOf(stored, told as TransferSuccess, isComplete));
  const job = await startJob(context, { publish }, { parameters });
  await job.called('deploy');
  await job.observe(anObservation({ stage: 'succeeded', exitCode: 0 }));
  await job.called('cleanup');
  const success = { ok: true, ...stored, files: 1, unreadable } as const;
  await job.observe(anObservation({ role: 'cleanup', jobUid: 'cleanup-uid', stage: 'succeeded', report: success }));
  const end = await job.result();
  assert.deepEqual(
    [end.status, end.failure?.reason, end.failure?.retryable, end.output?.complete, end.attempts],
    ['failed', 'OutputUploadFailed', false, false, undefined],
  );
  assert.match(end.failure?.message ?? '', /^"\/output\/a" .* may not be read, and 1 more/);
  assert.match(end.failure?.hint ?? '', /chmod/);
});

test('a folder that its owner cannot read either fails the job for good', async (context) => {
  let uploads = 0;
  const cleanup = () => Promise.resolve({ jobUid: `upload-${(uploads += 1)}` });
  const job = await startJob(context, { cleanup }, { parameters: { ...aRequest().parameters, retry: {} } });
  await job.called('deploy');
  await job.observe(anObservation({ stage: 'succeeded', exitCode: 0 }));
  await job.called('cleanup');
  for (const upload of [1, 2]) {
    while (uploads < upload) await new Promise((resolve) => setTimeout(resolve, 20));
    await job.observe(anObservation({ role: 'cleanup', jobUid: `upload-${upload}`, stage: 'failed', failure, report }));
  }
  const end = await job.result();
  assert.deepEqual([end.failure?.retryable, end.attempts], [false, undefined]);
});
