import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readSettings } from '../../../transfer/settings.ts';

const ENVIRONMENT = {
  GC_BUCKET_NAME: 'b',
  TRANSFER_OBJECT: 'a-input.zip',
  TRANSFER_FOLDER: '/input',
  TRANSFER_SCRATCH: '/scratch',
  TRANSFER_SIZE_BYTES: '22',
  TRANSFER_CRC32C: 'AAAAAA==',
};

test('a download knows what it expects', () => {
  assert.deepEqual(readSettings(ENVIRONMENT, 'download'), {
    bucketName: 'b',
    object: 'a-input.zip',
    folder: '/input',
    scratch: '/scratch',
    expected: { sizeBytes: 22, crc32c: 'AAAAAA==' },
  });
});

test('an upload needs less, and takes an empty variable for none', () => {
  const { TRANSFER_SIZE_BYTES: _size, TRANSFER_CRC32C: _crc32c, TRANSFER_SCRATCH: _scratch, ...rest } = ENVIRONMENT;
  const settings = readSettings({ ...rest, GC_API_ENDPOINT: '', GC_CREDENTIALS_FILE_PATH: '/key' }, 'upload');
  assert.equal(settings.credentialsFilePath, '/key');
  assert.ok(!('apiEndpoint' in settings) && !('expected' in settings));
});

test('what is written is marked with the deployment that is told', () => {
  assert.equal(readSettings({ ...ENVIRONMENT, TRANSFER_INSTANCE: 'ours' }, 'upload').instance, 'ours');
  assert.ok(!('instance' in readSettings(ENVIRONMENT, 'upload')));
});

test('all faults are told together', () => {
  assert.throws(() => readSettings({ TRANSFER_SIZE_BYTES: 'many' }, 'download'), {
    reason: 'ConfigError',
    message: /GC_BUCKET_NAME is missing; .*TRANSFER_SIZE_BYTES is not a size; TRANSFER_CRC32C is missing/,
  });
});
