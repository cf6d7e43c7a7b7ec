import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { test } from 'node:test';
import { createClient } from '../../../client/client.ts';
import { startApi } from '../../support/api-server.ts';
import type { TestApi } from '../../support/api-server.ts';
import { createBreakingFetch } from '../../support/breaking-fetch.ts';
import { aJob, aSucceededJob } from '../../support/job-builder.ts';
import { aName } from '../../support/job-client.ts';

async function mirrored(api: TestApi, content: Buffer): Promise<string> {
  const name = aName('output');
  const stored = await api.bucket.write(`${name}-output.zip`, Readable.from([content]));
  await api.store.record(aSucceededJob({ name, output: { ...stored, files: 1, complete: true } }));
  return name;
}

test('an output comes as it is', async (context) => {
  const api = await startApi(context);
  const content = randomBytes(1_000_000);
  assert.ok(content.equals(await buffer(createClient(api).output(await mirrored(api, content)))));
});

test('an output that breaks off again and again comes whole, each byte once', async (context) => {
  const api = await startApi(context);
  const content = randomBytes(1_000_000);
  const { fetch, requests } = createBreakingFetch(300_000, 0, 400_000);
  const output = createClient({ url: api.url, fetch }).output(await mirrored(api, content));
  assert.ok(content.equals(await buffer(output)));
  const ranges = requests.map(({ headers }) => headers.get('range'));
  assert.equal(ranges.length, 4);
  assert.match(String(ranges[1]), /^bytes=[1-9]\d*-$/);
});

test('a job without an output is a refusal with the status of the job', async (context) => {
  const api = await startApi(context);
  const job = aJob({ status: 'running' });
  await api.store.record(job);
  await assert.rejects(buffer(createClient(api).output(job.id)), {
    name: 'ApiRefusal',
    status: 404,
    message: /Status is: running/,
  });
});
