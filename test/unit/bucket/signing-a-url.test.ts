import assert from 'node:assert/strict';
import { createHash, createVerify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { test } from 'node:test';
import { createBucket } from '../../../bucket/bucket.ts';
import { createTestAccount } from '../../support/service-account.ts';
import { createTestFolder } from '../../support/trees.ts';

test('a signed URL verifies with the public key, and not once it is changed', async () => {
  using folder = createTestFolder();
  const { credentialsFilePath, email, publicKey } = createTestAccount(folder.path);
  const bucket = createBucket({ bucketName: 'outputs', credentialsFilePath });
  const url = new URL(
    await bucket.signedUrl('attempts/a b/ü.zip', { expiresMs: 3_600_000, downloadName: 'my "ü".zip' }),
  );

  assert.equal(url.origin + url.pathname, 'https://storage.googleapis.com/outputs/attempts/a%20b/%C3%BC.zip');
  assert.equal(url.searchParams.get('X-Goog-Expires'), '3600');
  assert.match(
    url.searchParams.get('X-Goog-Credential') ?? '',
    new RegExp(`^${email}/\\d{8}/auto/storage/goog4_request$`),
  );
  const disposition = url.searchParams.get('response-content-disposition');
  assert.equal(disposition, `attachment; filename="my ___.zip"; filename*=UTF-8''my%20%22%C3%BC%22.zip`);
  assert.ok(isSignedBy(publicKey, url));
  url.pathname = '/outputs/other.zip';
  assert.ok(!isSignedBy(publicKey, url));
});

test('under an emulator the URL leads to the emulator', async () => {
  using folder = createTestFolder();
  const { credentialsFilePath } = createTestAccount(folder.path);
  const bucket = createBucket({ bucketName: 'outputs', credentialsFilePath, apiEndpoint: 'http://127.0.0.1:4443/' });
  const url = new URL(await bucket.signedUrl('a-output.zip', { expiresMs: 60_000 }));
  assert.equal(url.origin + url.pathname, 'http://127.0.0.1:4443/outputs/a-output.zip');
});

test('a URL for more than seven days is refused', async () => {
  using folder = createTestFolder();
  const { credentialsFilePath } = createTestAccount(folder.path);
  const bucket = createBucket({ bucketName: 'outputs', credentialsFilePath });
  await assert.rejects(bucket.signedUrl('a.zip', { expiresMs: 8 * 86_400_000 }), /seven days/);
});

test('a URL to upload by is good for a start of one object with these headers, and for nothing else', async () => {
  using folder = createTestFolder();
  const { credentialsFilePath, publicKey } = createTestAccount(folder.path);
  const instance = () => Promise.resolve('ours');
  const bucket = createBucket({ bucketName: 'outputs', credentialsFilePath, instance });
  const url = new URL(await bucket.signedUploadUrl('attempts/a.zip', { expiresMs: 60_000 }));

  assert.equal(url.origin + url.pathname, 'https://storage.googleapis.com/outputs/attempts/a.zip');
  assert.deepEqual(
    [...url.searchParams.keys()].filter((name) => !name.startsWith('X-Goog-')),
    [],
  );
  const headers = {
    'content-type': 'application/zip',
    host: url.hostname,
    'x-goog-meta-instance': 'ours',
    'x-goog-resumable': 'start',
  };
  assert.ok(isSignedBy(publicKey, url, { method: 'POST', headers }));
  assert.ok(!isSignedBy(publicKey, url, { method: 'PUT', headers }));
  assert.ok(!isSignedBy(publicKey, url, { method: 'POST', headers: { ...headers, 'x-goog-meta-instance': 'theirs' } }));
});

interface Signed {
  readonly method: string;
  /** In the order of their names. */
  readonly headers: Readonly<Record<string, string>>;
}

/** The V4 signing process of Google Cloud Storage, from the side of the one who checks. */
function isSignedBy(
  publicKey: KeyObject,
  url: URL,
  { method, headers }: Signed = { method: 'GET', headers: { host: url.hostname } },
): boolean {
  const query = new URLSearchParams(url.search);
  const signature = query.get('X-Goog-Signature') ?? '';
  query.delete('X-Goog-Signature');
  const encode = (text: string): string =>
    encodeURIComponent(text).replaceAll(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
  const canonicalQuery = [...query]
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .sort()
    .join('&');
  const lines = Object.entries(headers).map(([name, value]) => `${name}:${value}`);
  const names = Object.keys(headers).join(';');
  const request = [method, url.pathname, canonicalQuery, ...lines, '', names, 'UNSIGNED-PAYLOAD'].join('\n');
  const [, ...scope] = (query.get('X-Goog-Credential') ?? '').split('/');
  const digest = createHash('sha256').update(request).digest('hex');
  const text = ['GOOG4-RSA-SHA256', query.get('X-Goog-Date'), scope.join('/'), digest].join('\n');
  return createVerify('RSA-SHA256').update(text).verify(publicKey, signature, 'hex');
}
