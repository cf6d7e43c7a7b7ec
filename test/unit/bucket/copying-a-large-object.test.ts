import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { createAccess } from '../../../bucket/access.ts';
import { copyObject } from '../../../bucket/copy.ts';

/** Says to each request in turn what a storage would that copies by and by; the emulator copies all at once. */
async function aStorage(...answers: object[]) {
  const asked: URL[] = [];
  const server = createServer((request, response) => {
    asked.push(new URL(request.url ?? '', 'http://storage'));
    response.end(JSON.stringify(answers[asked.length - 1]));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  const access = createAccess({ bucketName: 'ours', apiEndpoint: `http://127.0.0.1:${port}` });
  return { access, asked, close: () => server.close() };
}

test('a copy that the storage makes by and by is asked for until it is done', async (context) => {
  const resource = { size: '7', crc32c: 'AAAAAA==', generation: '5' };
  const storage = await aStorage({ done: false, rewriteToken: 'a+b' }, { done: true, resource });
  context.after(storage.close);
  const made = await copyObject(storage.access, { bucketName: 'theirs', object: 'a/b.zip', generation: 3 }, 'c.zip');
  assert.deepEqual(made, { stored: { object: 'c.zip', sizeBytes: 7, crc32c: 'AAAAAA==' }, generation: 5 });
  const path = '/storage/v1/b/theirs/o/a%2Fb.zip/rewriteTo/b/ours/o/c.zip';
  assert.deepEqual(
    storage.asked.map(({ pathname }) => pathname),
    [path, path],
  );
  const conditions = { sourceGeneration: '3', ifGenerationMatch: '0' };
  assert.deepEqual(
    storage.asked.map(({ searchParams }) => Object.fromEntries(searchParams)),
    [conditions, { ...conditions, rewriteToken: 'a+b' }],
  );
});
