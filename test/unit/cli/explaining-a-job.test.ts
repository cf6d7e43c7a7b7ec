import assert from 'node:assert/strict';
import { test } from 'node:test';
import { explainJob } from '../../../cli/show/explain.ts';
import { aClientJob, aFailedClientJob } from '../../support/client-jobs.ts';

test('of a job that waits it says what for, and what the cluster says', () => {
  const job = {
    ...aClientJob({ name: 'a', status: 'created', phase: 'starting' }),
    explain: '0/3 nodes are available',
  };
  assert.equal(
    explainJob(job),
    'a is created. Its pod has been asked for: the cluster looks for a node, and the node pulls the image.\n' +
      'The cluster says: 0/3 nodes are available\n',
  );
});

test('of a job that failed it says where, why and what helps', () => {
  const job = aFailedClientJob(
    { reason: 'ImageNotFound', phase: 'starting', message: 'there is no image x', hint: 'Check its name.' },
    { name: 'a' },
  );
  assert.equal(
    explainJob(job),
    'a is failed.\nIt failed while it was starting: ImageNotFound, there is no image x\nCheck its name.\n',
  );
});

test('of a task that failed it says how its log is had', () => {
  assert.match(
    explainJob(aFailedClientJob({ reason: 'UserError' }, { name: 'a' })),
    /`ktr logs a` shows what it wrote\.\n$/,
  );
});

test('of a job that was tried again it tells each attempt', () => {
  const failure = { reason: 'Evicted', phase: 'running', message: 'the node was full', retryable: true } as const;
  const job = aClientJob({
    status: 'running',
    phase: 'running',
    attempts: [
      { failure, stopTime: 1 },
      { failure, stopTime: 2 },
    ],
  });
  assert.match(explainJob(job), /Attempt 1 failed: Evicted, the node was full\nAttempt 2 failed: Evicted/);
});
