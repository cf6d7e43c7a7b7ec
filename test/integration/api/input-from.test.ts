import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { describe, test } from 'node:test';
import type { Bucket } from '../../../bucket/bucket.ts';
import { inputObjectOf, spoolObjectOf } from '../../../bucket/objects.ts';
import { endWorkflow, jobIn, startApi } from '../../support/api-server.ts';
import type { TestApi } from '../../support/api-server.ts';
import { required } from '../../support/environment.ts';
import { createTestBucket } from '../../support/gcs.ts';
import { startGuardedApi } from '../../support/guarded-api.ts';
import { aZip } from '../../support/input-zips.ts';
import { aJob } from '../../support/job-builder.ts';

const ZIP = await aZip({ 'random.bin': randomBytes(100_000) });

const aBody = (input_from: string, more: object = {}) => ({
  name: `test-${randomUUID().slice(0, 13)}`,
  job_parameters: { docker_image: 'python', input_from, ...more },
});

/** A job that had an input, which is still there. */
async function withInput({ bucket, store }: Pick<TestApi, 'bucket' | 'store'>, owner?: string) {
  const job = aJob({ hasInput: true, ...(owner !== undefined && { owner }) });
  await store.record(job);
  const stored = await bucket.write(inputObjectOf(job.name), Readable.from([ZIP]));
  return { ...job, stored };
}

async function faultOf(api: TestApi, body: ReturnType<typeof aBody>): Promise<unknown> {
  const { status, error, data } = await api.call('POST', '/batch/', body);
  assert.deepEqual([status, error], [400, 'InvalidParameters']);
  assert.deepEqual(await api.bucket.list('spool/'), []);
  assert.equal(await api.store.find(body.name), undefined);
  return (data as Record<string, Record<string, unknown>>)['job_parameters']?.['input_from'];
}

describe('the input of another job', () => {
  test('is copied, by its id or by its name', async (context) => {
    const api = await startApi(context);
    const earlier = await withInput(api);
    for (const idOrName of [earlier.id, earlier.name]) {
      const job = jobIn(await api.call('POST', '/batch/', aBody(idOrName)));
      const object = `spool/${job.id}.zip`;
      assert.deepEqual(await api.bucket.stat(object), { ...earlier.stored, object });
      assert.deepEqual(job.job_parameters, { docker_image: 'python' });
      assert.equal((await api.store.find(job.id))?.hasInput, true);
      await endWorkflow(api, job.name);
    }
  });

  test('is copied though the other job takes it out of the spool just then', async (context) => {
    const { bucket } = await createTestBucket({ credentialsFilePath: required('GC_CREDENTIALS_FILE_PATH') });
    const earlier = aJob({ hasInput: true });
    const [spooled, taken] = [spoolObjectOf(earlier.id), inputObjectOf(earlier.name)];
    const stored = await bucket.write(spooled, Readable.from([ZIP]));
    const copyIn: Bucket['copyIn'] = async (source, object, maxBytes) => {
      if (source.object === spooled) await bucket.promote(stored, taken);
      return await bucket.copyIn(source, object, maxBytes);
    };
    const api = await startApi(context, { bucket: { ...bucket, copyIn } });
    await api.store.record(earlier);
    const job = jobIn(await api.call('POST', '/batch/', aBody(earlier.name)));
    assert.equal((await bucket.stat(spoolObjectOf(job.id)))?.crc32c, stored.crc32c);
    await endWorkflow(api, job.name);
  });

  test('is the same request under the same key, though the input is gone', async (context) => {
    const api = await startApi(context);
    const earlier = await withInput(api);
    const [body, headers] = [aBody(earlier.name), { 'Idempotency-Key': randomUUID() }];
    const { id } = jobIn(await api.call('POST', '/batch/', body, headers));
    await api.bucket.remove(inputObjectOf(earlier.name));
    assert.equal(jobIn(await api.call('POST', '/batch/', body, headers)).id, id);
    await endWorkflow(api, body.name);
  });

  test('is refused when there is none, or another input beside it', async (context) => {
    const api = await startApi(context);
    const [earlier, without] = [await withInput(api), aJob({ hasInput: false })];
    await api.store.record(without);
    assert.equal(await faultOf(api, aBody('nobody')), 'There is no such job');
    assert.equal(await faultOf(api, aBody(without.name)), 'This job has no input');
    assert.equal(await faultOf(api, aBody('Not A Name')), 'Must be the id or the name of a job');
    const beside = aBody(earlier.name, { input_zip: ZIP.toString('base64') });
    assert.equal(await faultOf(api, beside), 'Must be absent when there is an input_zip');
    await api.bucket.remove(inputObjectOf(earlier.name));
    assert.equal(await faultOf(api, aBody(earlier.name)), 'This job has no input');
  });

  test('is that of an own job alone, for who may look at jobs', async (context) => {
    const api = await startGuardedApi(context);
    const { id } = await withInput(api, 'ann');
    const [bob, blind] = [await api.as('bob', 'read', 'submit'), await api.as('ann', 'submit')];
    const refused = await bob.call('POST', '/batch/', aBody(id));
    assert.deepEqual([refused.status, refused.data], [400, { job_parameters: { input_from: 'There is no such job' } }]);
    assert.equal((await blind.call('POST', '/batch/', aBody(id))).status, 403);
    const ann = await api.as('ann', 'read', 'submit');
    const started = await api.store.find(jobIn(await ann.call('POST', '/batch/', aBody(id))).id);
    assert.equal(started?.hasInput, true);
    await endWorkflow(api, started.name);
  });
});
