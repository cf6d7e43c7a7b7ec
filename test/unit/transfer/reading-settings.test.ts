import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readSettings, reportPathIn } from '../../../transfer/settings.ts';

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
    bucket: { bucketName: 'b' },
    object: 'a-input.zip',
    folder: '/input',
    scratch: '/scratch',
    expected: { sizeBytes: 22, crc32c: 'AAAAAA==' },
  });
});

test('an upload needs less, and takes an empty variable for none', () => {
  const { TRANSFER_SIZE_BYTES: _size, TRANSFER_CRC32C: _crc32c, TRANSFER_SCRATCH: _scratch, ...rest } = ENVIRONMENT;
  const settings = readSettings({ ...rest, GC_API_ENDPOINT: '', GC_CREDENTIALS_FILE_PATH: '/key' }, 'upload');
  assert.deepEqual(settings.bucket, { bucketName: 'b', credentialsFilePath: '/key' });
  assert.ok(!('expected' in settings));
});

test('with a signed URL nothing else about the bucket is asked for', () => {
  const { GC_BUCKET_NAME: _name, ...rest } = ENVIRONMENT;
  const settings = readSettings({ ...rest, TRANSFER_URL: 'https://signed' }, 'upload');
  assert.deepEqual(settings.bucket, { url: 'https://signed' });
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

test('a limit of bytes is a plain number, and so is the size that is expected', () => {
  const upload = (text: string) => readSettings({ ...ENVIRONMENT, TRANSFER_MAX_BYTES: text }, 'upload').maxBytes;
  assert.deepEqual([upload('0'), upload('123456789012345'), upload('')], [0, 123_456_789_012_345, undefined]);
  for (const text of ['1e3', '-1', ' 1', '1.5', '1234567890123456', 'x1', '1x'])
    assert.throws(() => upload(text), { message: 'TRANSFER_MAX_BYTES is not a size' });
  for (const text of ['-1', '1.5', '9007199254740992'])
    assert.throws(() => readSettings({ ...ENVIRONMENT, TRANSFER_SIZE_BYTES: text }, 'download'), {
      message: 'TRANSFER_SIZE_BYTES is not a size',
    });
});

test('limits are told by one name each, and faults of all of them together', () => {
  const limits = { TRANSFER_MAX_BYTES: '1', TRANSFER_MAX_FILES: '2', TRANSFER_VOLUME_BYTES: '3' };
  const { maxBytes, maxFiles, volumeBytes } = readSettings({ ...ENVIRONMENT, ...limits }, 'download');
  assert.deepEqual([maxBytes, maxFiles, volumeBytes], [1, 2, 3]);
  const wrong = { TRANSFER_MAX_FILES: 'many', TRANSFER_VOLUME_BYTES: '1Gi' };
  assert.throws(() => readSettings({ ...ENVIRONMENT, ...wrong }, 'upload'), {
    message: 'TRANSFER_MAX_FILES is not a count; TRANSFER_VOLUME_BYTES is not a size',
  });
});

test('the report goes where it is told, or to where Kubernetes looks for it', () => {
  assert.equal(reportPathIn({ TRANSFER_REPORT: '/tmp/report' }), '/tmp/report');
  assert.equal(reportPathIn({}), '/dev/termination-log');
});
