import assert from 'node:assert/strict';
import { test } from 'node:test';
import { downloadContainer, TRANSFER_UID, uploadContainer } from '../../../cluster/transfer-containers.ts';
import type { TransferSettings } from '../../../cluster/transfer-containers.ts';

const MEBIBYTE = 1024 ** 2;
const REF = { id: '1e0e788e-58b0-4a06-a7a8-4c6307ed37cd', name: 'words' };
const INPUT = { object: 'words-input.zip', sizeBytes: 1, crc32c: 'AAAAAA==' };
const SETTINGS: TransferSettings = { image: 'transfer', bucketName: 'jobs', credentials: 'secret' };

function memoryBytesOfUpload(change: Partial<TransferSettings>): number {
  const container = uploadContainer(REF, { ...SETTINGS, ...change }, 'attempts/words/1.zip', {
    user: TRANSFER_UID,
    skipsUnreadable: false,
  });
  return Number(container.resources?.limits?.['memory']);
}

test('an upload may take more memory the more files it may have, by what each was measured to take', () => {
  assert.equal(memoryBytesOfUpload({}), 128 * MEBIBYTE);
  const [few, many] = [memoryBytesOfUpload({ maxFiles: 1 }), memoryBytesOfUpload({ maxFiles: 200_001 })];
  assert.equal((many - few) / 200_000, 640);
  // What 200,000 names in one folder took.
  assert.ok(many > 147 * MEBIBYTE);
});

test('a download takes no more memory for more files', () => {
  const container = downloadContainer(REF, { ...SETTINGS, maxFiles: 200_000 }, INPUT, '10Gi');
  assert.equal(container.resources?.limits?.['memory'], String(128 * MEBIBYTE));
});
