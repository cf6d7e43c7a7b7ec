import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { describe, test } from 'node:test';
import type { TestContext } from 'node:test';
import type { Bucket } from '../../../bucket/bucket.ts';
import { endWorkflow, jobIn, startApi } from '../../support/api-server.ts';
import type { TestApi } from '../../support/api-server.ts';
import { createTestBucket } from '../../support/gcs.ts';
import { aZip } from '../../support/input-zips.ts';
import { assertNothingLeft, leftBehind } from '../../support/left-behind.ts';
import { rawZip } from '../../support/raw-zips.ts';

const ZIP = await aZip({ 'random.bin': randomBytes(9_000_000) });

/** An API, and another bucket that it may take inputs from. */
async function startWithSource(context: TestContext) {
  const { bucket: source, options } = await createTestBucket();
  const api = await startApi(context, { settings: { inputBuckets: ['other-bucket', options.bucketName] } });
  const urlOf = (object: string) => `gs://${options.bucketName}/${object}`;
  return { api, source, urlOf };
}

const aBody = (input_url: string, more: object = {}) => ({
  name: `test-${randomUUID().slice(0, 13)}`,
  job_parameters: { docker_image: 'python', input_url, ...more },
});

const put = (source: Bucket, object: string, content: Buffer) => source.write(object, Readable.from([content]));

async function faultOf(api: TestApi, body: ReturnType<typeof aBody>, field = 'input_url'): Promise<unknown> {
  const { status, error, data } = await api.call('POST', '/batch/', body);
  assert.deepEqual([status, error], [400, 'InvalidParameters']);
  await assertNothingLeft(api, body.name);
  return (data as Record<string, Record<string, unknown>>)['job_parameters']?.[field];
}

describe('an input that is named', () => {
  test('is copied before the job is accepted, whatever becomes of the original', async (context) => {
    const { api, source, urlOf } = await startWithSource(context);
    const stored = await put(source, 'a folder/größe #1?.zip', ZIP);
    const job = jobIn(await api.call('POST', '/batch/', aBody(urlOf('a folder/größe #1?.zip'))));
    await source.remove('a folder/größe #1?.zip');
    const object = `spool/${job.id}.zip`;
    assert.deepEqual(await api.bucket.stat(object), { ...stored, object });
    assert.deepEqual(job.job_parameters, { docker_image: 'python' });
    assert.equal((await api.store.find(job.id))?.hasInput, true);
    await endWorkflow(api, job.name);
  });

  test('is the same request under the same key, though the original is gone', async (context) => {
    const { api, source, urlOf } = await startWithSource(context);
    await put(source, 'a.zip', ZIP);
    const [body, headers] = [aBody(urlOf('a.zip')), { 'Idempotency-Key': randomUUID() }];
    const { id } = jobIn(await api.call('POST', '/batch/', body, headers));
    await source.remove('a.zip');
    assert.equal(jobIn(await api.call('POST', '/batch/', body, headers)).id, id);
    const other = { ...body, job_parameters: { ...body.job_parameters, input_url: urlOf('b.zip') } };
    await put(source, 'b.zip', ZIP);
    assert.equal((await api.call('POST', '/batch/', other, headers)).error, 'IdempotencyKeyReused');
    assert.deepEqual(await leftBehind(api), { ids: [id], spooled: [`spool/${id}.zip`] });
    await endWorkflow(api, body.name);
  });

  test('is refused when it is not there, not in an allowed bucket, or not an address', async (context) => {
    const { api, urlOf } = await startWithSource(context);
    assert.equal(await faultOf(api, aBody(urlOf('nothing.zip'))), 'There is no such object');
    assert.equal(await faultOf(api, aBody('gs://other-bucket/a.zip')), 'There is no such object');
    const forbidden = 'Must name a bucket that inputs may be taken from';
    assert.equal(await faultOf(api, aBody('gs://secret-bucket/a.zip')), forbidden);
    for (const url of [
      'a.zip',
      'https://host/a.zip',
      'gs://',
      'gs://bucket',
      'gs://bucket/',
      'gs://bucket/..',
      'gs://B/a',
    ]) {
      assert.equal(await faultOf(api, aBody(url)), 'Must be an address like gs://bucket/object');
    }
  });

  test('is refused when it is no zip, one that cannot be unpacked, or too large', async (context) => {
    const { api, source, urlOf } = await startWithSource(context);
    await put(source, 'text', Buffer.from('hello'));
    await put(source, 'empty', Buffer.alloc(0));
    await put(source, 'cut.zip', ZIP.subarray(0, -1));
    await put(source, 'link.zip', rawZip([{ name: 'link', content: '/etc', mode: 0o120777 }]));
    await put(source, 'large.zip', Buffer.alloc(32 * 1024 ** 2 + 1));
    for (const [object, fault] of Object.entries({
      text: /^Is not a whole zip file/,
      empty: /^Is not a whole zip file/,
      'cut.zip': /^Is not a whole zip file/,
      'link.zip': /^Cannot be unpacked: entry "link" is a link$/,
      'large.zip': /^Must be at most 33554432 bytes$/,
    })) {
      assert.match(String(await faultOf(api, aBody(urlOf(object)))), fault);
    }
  });

  test('is refused beside another input, and all faults come at once', async (context) => {
    const { api, source, urlOf } = await startWithSource(context);
    await put(source, 'a.zip', ZIP);
    const input_zip = (await aZip({ a: 'a' })).toString('base64');
    const twice = aBody(urlOf('a.zip'), { input_zip, docker_image: 'UPPER' });
    assert.equal(await faultOf(api, twice), 'Must be absent when there is an input_zip');
    assert.notEqual(await faultOf(api, twice, 'docker_image'), undefined);

    const form = new FormData();
    form.append('job', JSON.stringify(aBody(urlOf('a.zip'))));
    form.append('input', new Blob([new Uint8Array(ZIP)]));
    const { status, data } = await api.call('POST', '/batch/', form);
    const faults = { input_url: 'Must be absent when the input comes as a part' };
    assert.deepEqual([status, data], [400, { job_parameters: faults }]);
    await assertNothingLeft(api);
  });

  test('may be named in a form without a part input', async (context) => {
    const { api, source, urlOf } = await startWithSource(context);
    await put(source, 'a.zip', ZIP);
    const form = new FormData();
    form.append('job', JSON.stringify(aBody(urlOf('a.zip'))));
    const job = jobIn(await api.call('POST', '/batch/', form));
    assert.equal((await api.bucket.stat(`spool/${job.id}.zip`))?.sizeBytes, ZIP.length);
    await endWorkflow(api, job.name);
  });

  test('is refused from everywhere unless buckets are allowed', async (context) => {
    const { source, urlOf } = await startWithSource(context);
    await put(source, 'a.zip', ZIP);
    const api = await startApi(context);
    assert.equal(await faultOf(api, aBody(urlOf('a.zip'))), 'Must name a bucket that inputs may be taken from');
  });
});
