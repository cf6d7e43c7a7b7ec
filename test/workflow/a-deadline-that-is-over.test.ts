import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import type { Observation } from '../../workflows/observation.ts';
import { anObservation, aRequest } from '../support/objects.ts';
import { startSkippingJob } from '../support/temporal.ts';

/** By default, as all deadlines of these jobs. */
const { startTimeoutMs } = aRequest();

/** What a look at the upload shows; throws while the cluster does not answer. */
type Look = () => Pick<Observation, 'stage'>;

/** A job whose task has ended well, and of whose upload nobody is told anything. */
async function startUploading(context: TestContext, look: Look) {
  const looks: string[] = [];
  const poll = async (_ref: unknown, role: Observation['role'], known?: Observation) => {
    // The look from time to time finds nothing new.
    if (known !== undefined) throw new Error('nothing new');
    looks.push(role);
    return await Promise.resolve(anObservation({ role, jobUid: `${role}-uid`, ...look() }));
  };
  const job = await startSkippingJob(context, { poll });
  await job.called('deploy');
  await job.observe(anObservation({ stage: 'succeeded', exitCode: 0 }));
  await job.called('cleanup');
  return { job, looks };
}

test('an upload of which nobody was told goes on when a look shows at its deadline that it runs', async (context) => {
  const { job, looks } = await startUploading(context, () => ({ stage: 'running' }));
  await job.sleep(4 * startTimeoutMs);
  assert.deepEqual([(await job.query()).phase, looks], ['uploading', ['cleanup']]);
  await job.observe(anObservation({ role: 'cleanup', jobUid: 'cleanup-uid', stage: 'succeeded' }));
  assert.equal((await job.result()).status, 'succeeded');
});

test('an upload that has ended unheard is seen to have ended at its deadline', async (context) => {
  const { job } = await startUploading(context, () => ({ stage: 'succeeded' }));
  assert.equal((await job.result()).status, 'succeeded');
});

test('a job fails by its deadline when the look shows nothing new', async (context) => {
  const { job, looks } = await startUploading(context, () => ({ stage: 'pending' }));
  const { status, failure } = await job.result();
  assert.deepEqual([status, failure?.reason, failure?.phase], ['failed', 'StartTimeout', 'uploading']);
  assert.equal(looks.length, 1);
});

test('as long as the look is not answered the job waits, whatever its deadline', async (context) => {
  let isAway = true;
  const { job, looks } = await startUploading(context, () => {
    if (isAway) throw new Error('the cluster is away');
    return { stage: 'pending' };
  });
  await job.sleep(2 * startTimeoutMs);
  assert.ok(looks.length >= 3, `${looks.length} looks`);
  const { status, phase, failure } = await job.query();
  assert.deepEqual([status, phase, failure], ['cleaning', 'uploading', undefined]);
  isAway = false;
  assert.equal((await job.result()).failure?.reason, 'StartTimeout');
});
