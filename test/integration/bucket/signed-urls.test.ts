import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { createTestBucket } from '../../support/gcs.ts';
import { createTestAccount } from '../../support/service-account.ts';
import { createTestFolder } from '../../support/trees.ts';

test('anyone gets the object under its signed URL, and no token is asked for', async () => {
  using folder = createTestFolder();
  const { credentialsFilePath } = createTestAccount(folder.path);
  const { bucket } = await createTestBucket({ credentialsFilePath });
  await bucket.write('a-output.zip', Readable.from([Buffer.from('content')]));
  const url = await bucket.signedUrl('a-output.zip', { expiresMs: 60_000, downloadName: 'a.zip' });
  const answer = await fetch(url);
  assert.equal(answer.status, 200);
  assert.equal(await answer.text(), 'content');
});
