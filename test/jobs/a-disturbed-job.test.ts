import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { inputObjectOf } from '../../bucket/objects.ts';
import { aName, runJob, shellJob, submit, until, untilEnded } from '../support/job-client.ts';
import type { JobParameters } from '../../workflows/parameters.ts';
import { evict, kubectl, podOf } from '../support/operator.ts';
import { variants } from '../support/variants.ts';
import { assertWorldAfter, testBucket } from '../support/world.ts';
import { zipOf } from '../support/zip-entries.ts';

variants('claims', 'one-pod');

/** The cluster's own disturbances are tried again unless a job runs once at most. */
const ONCE = { retry: { max_attempts: 1 } };

/** A job whose task runs. */
async function aRunningJob(prefix: string, script = 'sleep 600', more: Partial<JobParameters> = {}) {
  const { body } = await submit(aName(prefix), shellJob(script, more));
  return await until(body.data.id, ({ phase }) => phase === 'running');
}

describe('a job that is disturbed from outside says so', { concurrency: 4 }, () => {
  test('when its pod is evicted', async () => {
    const { id, name } = await aRunningJob('evicted', 'trap "exit 1" TERM; sleep 600 & wait', ONCE);
    const pod = await podOf({ name });
    await evict(pod);
    const leaving = await until(id, ({ failure }) => failure !== undefined);
    assert.equal(leaving.failure?.reason, 'Evicted');
    assert.ok([pod, ''].includes(await podOf({ name })), 'no second pod ran the task');
    const job = await untilEnded(id);
    assert.deepEqual([job.status, job.failure?.reason, job.failure?.retryable], ['failed', 'Evicted', true]);
    await assertWorldAfter(job);
  });

  test('when it writes more to its own disk than it may', async () => {
    // In one pod this is more than the pod as a whole may have.
    const more = { resources: { limits: { 'ephemeral-storage': '8Mi' } }, storage: { size: '8Mi' } };
    const script = 'dd if=/dev/zero of=/tmp/big bs=1M count=400 2>/dev/null; sleep 600';
    const job = await runJob(aName('disk-full'), shellJob(script, more));
    assert.deepEqual([job.status, job.failure?.reason], ['failed', 'DiskFull'], JSON.stringify(job));
    assert.match(job.failure?.message ?? '', /ephemeral/i);
    await assertWorldAfter(job);
  });

  test('when somebody deletes its pod', async () => {
    const { id, name } = await aRunningJob('pod-deleted', 'trap "exit 143" TERM; sleep 600 & wait');
    await kubectl('delete', 'pod', await podOf({ name }), '--wait=false');
    const job = await untilEnded(id);
    assert.deepEqual([job.status, job.failure?.reason], ['failed', 'ClusterError'], JSON.stringify(job));
    assert.match(job.failure?.message ?? '', /deleted the pod/);
    await assertWorldAfter(job);
  });

  test('when somebody deletes its pod at once', async () => {
    const { id, name } = await aRunningJob('pod-forced');
    await kubectl('delete', 'pod', await podOf({ name }), '--force', '--grace-period=0', '--wait=false');
    const job = await untilEnded(id);
    assert.deepEqual([job.status, job.failure?.reason], ['failed', 'ClusterError'], JSON.stringify(job));
    await assertWorldAfter(job);
  });

  test('when somebody deletes its Job', async () => {
    const { id, name } = await aRunningJob('job-deleted', 'trap "exit 0" TERM; sleep 600 & wait');
    await kubectl('delete', 'job', name, '--wait=false');
    const job = await untilEnded(id);
    assert.equal(job.status, 'failed', JSON.stringify(job));
    assert.equal(job.failure?.reason, 'ClusterError', JSON.stringify(job.failure));
    await assertWorldAfter(job);
  });

  test('when its input has vanished from the bucket before the pod could fetch it', async () => {
    const parameters = shellJob('true', { queue: 'by-hand' });
    const { body } = await submit(aName('no-input'), parameters, await zipOf({ a: { content: 'a' } }));
    const { id, name } = await until(body.data.id, ({ explain }) => explain === 'Job suspended');
    await testBucket().remove(inputObjectOf(name));
    await kubectl('patch', 'job', name, '--patch', '{"spec":{"suspend":false}}');
    const job = await untilEnded(id);
    assert.deepEqual(
      [job.status, job.failure?.reason, job.failure?.container],
      ['failed', 'InputUnavailable', 'input'],
      JSON.stringify(job),
    );
    await assertWorldAfter(job);
  });
});
