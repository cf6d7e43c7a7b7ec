import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, chownSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { test } from 'node:test';
import { createTestBucket } from '../../support/gcs.ts';
import { createFlakyProxy } from '../../support/flaky-proxy.ts';
import { rawZip } from '../../support/raw-zips.ts';
import { runDownload, runUpload } from '../../support/transfer-run.ts';
import { createTestFolder } from '../../support/trees.ts';
import { entriesOf } from '../../support/zip-entries.ts';

const { bucket, options } = await createTestBucket();

test('an input that is not there is unavailable', async () => {
  using to = createTestFolder();
  const missing = { object: 'missing.zip', sizeBytes: 22, crc32c: 'AAAAAA==' };
  const { exitCode, report } = await runDownload({ options, folder: to.path }, missing);
  assert.equal(exitCode, 1);
  assert.deepEqual(report, {
    ok: false,
    reason: 'InputUnavailable',
    message: 'object missing.zip does not exist',
  });
});

test('an input that is not the accepted one is unavailable', async () => {
  using to = createTestFolder();
  const stored = await bucket.write('changed.zip', Readable.from([rawZip([{ name: 'a' }])]));
  const { report } = await runDownload({ options, folder: to.path }, { ...stored, crc32c: 'AAAAAA==' });
  assert.ok(report?.ok === false && report.reason === 'InputUnavailable');
  assert.match(report.message, /changed\.zip should hold .* but holds/);
});

for (const [what, name] of [
  ['file', 'closed'],
  ['folder', 'closed folder'],
] as const) {
  test(`an unreadable ${what} is named with its owner`, async () => {
    using from = createTestFolder();
    chmodSync(from.path, 0o755);
    const path = join(from.path, name);
    if (what === 'file') writeFileSync(path, 'x');
    else mkdirSync(path);
    chownSync(path, 1234, 1234);
    chmodSync(path, 0o700);
    const { exitCode, report, output } = await runUpload({ options, folder: from.path, uid: 65532 }, `${name}.zip`);
    assert.equal(exitCode, 1, output);
    assert.ok(report?.ok === false, output);
    assert.deepEqual([report.reason, report.unreadableOwnerUid], ['OutputUploadFailed', 1234]);
    assert.ok(report.message.includes(path));
    assert.equal(await bucket.stat(`${name}.zip`), undefined);
  });
}

test('an upload that leaves out what it may not read sends the rest, and names the first of it', async () => {
  using from = createTestFolder();
  chmodSync(from.path, 0o755);
  writeFileSync(join(from.path, 'open.txt'), 'x', { mode: 0o644 });
  mkdirSync(join(from.path, 'closed folder'), { mode: 0o700 });
  writeFileSync(join(from.path, 'closed folder', 'never seen'), 'x');
  writeFileSync(join(from.path, 'closed.txt'), 'x', { mode: 0o600 });
  const call = { options, folder: from.path, uid: 65532, skipsUnreadable: true };
  const { exitCode, report, output } = await runUpload(call, 'rest.zip');
  assert.equal(exitCode, 0, output);
  assert.ok(report?.ok === true, output);
  const { files, unreadable } = report;
  assert.deepEqual([files, unreadable?.count], [1, 2]);
  assert.match(unreadable?.message ?? '', /closed folder" belongs to user 0 and may not be read$/);
  assert.match(output, /^left out: ".*closed\.txt" belongs to user 0 and may not be read$/m);
  const zip = await buffer(bucket.read('rest.zip'));
  assert.deepEqual(Object.keys(await entriesOf(zip)), ['open.txt']);
});

test('an upload whose whole folder may not be read fails, also when it leaves out what it may not read', async () => {
  using from = createTestFolder();
  chmodSync(from.path, 0o700);
  const call = { options, folder: from.path, uid: 65532, skipsUnreadable: true };
  const { report, output } = await runUpload(call, 'nothing.zip');
  assert.ok(report?.ok === false && report.unreadableOwnerUid === 0, output);
});

test('a volume too small for the input is a full disk, while fetching and while unpacking', async () => {
  const content = randomBytes(3_000_000);
  const stored = await bucket.write('large.zip', Readable.from([rawZip([{ name: 'large', content }])]));
  for (const small of ['scratch', 'folder'] as const) {
    using volume = createTestFolder();
    using to = createTestFolder();
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', volume.path]);
    try {
      const call = small === 'scratch' ? { folder: to.path, scratch: volume.path } : { folder: volume.path };
      const { report, output } = await runDownload({ options, ...call }, stored);
      assert.ok(report?.ok === false && report.reason === 'DiskFull', output);
    } finally {
      execFileSync('umount', [volume.path]);
    }
  }
});

test('an upload over a network that breaks once still arrives whole', async () => {
  using from = createTestFolder();
  for (let index = 0; index < 300; index += 1) {
    writeFileSync(join(from.path, `${index}`), randomBytes(65_536));
  }
  await using proxy = await createFlakyProxy(options.apiEndpoint, {
    direction: 'to-server',
    afterBytes: 12_000_000,
    cuts: 1,
  });
  const flaky = { ...options, apiEndpoint: proxy.endpoint };
  const { report, output } = await runUpload({ options: flaky, folder: from.path }, 'flaky.zip');
  assert.ok(report?.ok, output);
  assert.equal((await bucket.stat('flaky.zip'))?.crc32c, report.crc32c);
  assert.equal(proxy.cuts(), 1);
});

test('a transfer told to stop stops at once and says so', async () => {
  using to = createTestFolder();
  const controller = new AbortController();
  const unreachable = { ...options, apiEndpoint: 'http://127.0.0.1:9' };
  const startedAt = Date.now();
  setTimeout(() => controller.abort(), 1500);
  const { exitCode, report, output } = await runDownload(
    { options: unreachable, folder: to.path, signal: controller.signal },
    { object: 'any.zip', sizeBytes: 1, crc32c: 'AAAAAA==' },
  );
  assert.ok(report?.ok === false, output);
  assert.deepEqual([exitCode, report.message], [1, 'stopped by SIGTERM']);
  assert.ok(Date.now() - startedAt < 4000);
});

test('a transfer that is told too little says what is missing', async () => {
  const { exitCode, report } = await runUpload({ options: { bucketName: '' }, folder: '/nowhere' }, '');
  assert.equal(exitCode, 1);
  assert.deepEqual(report, {
    ok: false,
    reason: 'ConfigError',
    message: 'GC_BUCKET_NAME is missing; TRANSFER_OBJECT is missing',
  });
});

test('a key that is not there is a fault of the configuration', async () => {
  using from = createTestFolder();
  const google = { bucketName: 'any', credentialsFilePath: join(from.path, 'no-key.json') };
  const { report } = await runUpload({ options: google, folder: from.path }, 'any.zip');
  assert.ok(report?.ok === false && report.reason === 'ConfigError');
  assert.match(report.message, /no-key\.json cannot be read/);
});
