import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { test } from 'node:test';
import { createClient } from '../../../client/client.ts';
import { workflowIdOf } from '../../../workflows/names.ts';
import { startApi } from '../../support/api-server.ts';
import type { TestApi } from '../../support/api-server.ts';
import { createBreakingFetch } from '../../support/breaking-fetch.ts';
import { aName } from '../../support/job-client.ts';
import { zipOf } from '../../support/zip-entries.ts';

const PARAMETERS = { docker_image: 'python' };

async function end(api: TestApi, name: string): Promise<void> {
  await api.client.workflow.getHandle(workflowIdOf(name)).terminate();
}

test('a job without an input is sent', async (context) => {
  const api = await startApi(context);
  const name = aName('sent');
  const job = await createClient(api).submit({ name, job_parameters: PARAMETERS });
  assert.deepEqual([job.name, job.status, job.job_parameters.docker_image], [name, 'created', 'python']);
  await end(api, name);
});

test('an input is sent as a stream, and arrives as it is', async (context) => {
  const api = await startApi(context);
  const name = aName('sent');
  const zip = await zipOf({ noise: { content: randomBytes(1_000_000), isCompressed: false } });
  async function* pieces() {
    for (let at = 0; at < zip.length; at += 10_000) yield await Promise.resolve(zip.subarray(at, at + 10_000));
  }
  const { id } = await createClient(api).submit({ name, job_parameters: PARAMETERS }, { input: pieces });
  assert.ok(zip.equals(await buffer(api.bucket.read(`spool/${id}.zip`))));
  await end(api, name);
});

test('a job whose answer gets lost is sent again with its input, and is one job', async (context) => {
  const api = await startApi(context);
  const name = aName('lost');
  const zip = await zipOf({ a: { content: 'a' } });
  const { fetch, requests } = createBreakingFetch(-1);
  const client = createClient({ url: api.url, fetch });
  let inputs = 0;
  async function* input() {
    inputs += 1;
    yield await Promise.resolve(zip);
  }
  const job = await client.submit({ name, job_parameters: PARAMETERS }, { input });
  assert.deepEqual([requests.length, inputs], [2, 2]);
  assert.deepEqual(
    (await api.store.list({ statuses: 'all', limit: 10 })).map(({ id }) => id),
    [job.id],
  );
  await end(api, name);
});

test('a refusal is thrown with its faults, and nothing is sent again', async (context) => {
  const api = await startApi(context);
  const { fetch, requests } = createBreakingFetch();
  const sending = createClient({ url: api.url, fetch }).submit({ name: 'Not A Name', job_parameters: PARAMETERS });
  await assert.rejects(sending, ({ name, status, data }: Error & { status: number; data: object }) => {
    assert.deepEqual([name, status, Object.keys(data)], ['ApiRefusal', 400, ['name']]);
    return true;
  });
  assert.equal(requests.length, 1);
});

test('an input that cannot be read ends the sending with that very error', async (context) => {
  const api = await startApi(context);
  const gone = new Error('the file is gone');
  async function* input(): AsyncGenerator<Uint8Array> {
    yield await Promise.resolve(Buffer.alloc(100_000));
    throw gone;
  }
  const sending = createClient(api).submit({ job_parameters: PARAMETERS }, { input });
  await assert.rejects(sending, (error: Error) => error === gone || error.message.includes(gone.message));
  assert.deepEqual(await api.bucket.list(''), []);
});
