import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { createSignedBucket } from '../../../bucket/signed.ts';
import { createTestBucket } from '../../support/gcs.ts';
import { createTestAccount } from '../../support/service-account.ts';
import { createTestFolder } from '../../support/trees.ts';

const PIECE_BYTES = 64 * 1024;
const PATIENCE_MS = 10_000;

test('the memory of pieces that belong to a write is given back, by whatever right it is made', async () => {
  using folder = createTestFolder();
  const { credentialsFilePath } = createTestAccount(folder.path);
  const { bucket } = await createTestBucket({ credentialsFilePath });
  const url = await bucket.signedUploadUrl('signed.zip', { expiresMs: 60_000 });
  const signed = createSignedBucket({ url, patienceMs: PATIENCE_MS });
  for (const [object, to] of [['own.zip', bucket] as const, ['signed.zip', signed] as const]) {
    const pieces = [1, 2, 3].map((byte) => Buffer.allocUnsafeSlow(PIECE_BYTES).fill(byte));
    const { sizeBytes } = await to.write(object, Readable.from(pieces), { ownsPieces: true });
    assert.equal(sizeBytes, 3 * PIECE_BYTES);
    // The last one was followed by nothing.
    assert.deepEqual(
      pieces.map(({ length }) => length),
      [0, 0, PIECE_BYTES],
    );
  }
});

test('pieces that belong to others are left alone', async () => {
  const { bucket } = await createTestBucket();
  const pieces = [1, 2].map((byte) => Buffer.allocUnsafeSlow(PIECE_BYTES).fill(byte));
  await bucket.write('others.zip', Readable.from(pieces));
  assert.deepEqual(
    pieces.map(({ length }) => length),
    [PIECE_BYTES, PIECE_BYTES],
  );
});
