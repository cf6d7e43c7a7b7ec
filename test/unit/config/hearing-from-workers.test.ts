import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadApiConfig, loadWorkerConfig } from '../../../config.ts';

const TOKEN = 'a'.repeat(32);
const HEARING = { GC_BUCKET_NAME: 'files', WORKER_URL: 'http://workers:4899', WORKER_TOKEN: TOKEN };

test('an API hears from the workers by their address and their token', () => {
  assert.deepEqual(loadApiConfig([], HEARING).workers, { url: 'http://workers:4899', token: TOKEN });
  assert.equal(loadApiConfig([], { ...HEARING, WORKER_URL: '' }).workers, undefined);
  assert.throws(
    () => loadApiConfig([], { ...HEARING, WORKER_TOKEN: '' }),
    /WORKER_URL is of no use without WORKER_TOKEN/,
  );
});

test('a worker needs the token alone', () => {
  assert.equal(loadWorkerConfig([], { ...HEARING, WORKER_URL: '' }).changesToken, TOKEN);
  assert.equal(loadWorkerConfig([], { ...HEARING, WORKER_TOKEN: '' }).changesToken, undefined);
});

test('a token is long enough not to be guessed', () => {
  assert.throws(() => loadWorkerConfig([], { ...HEARING, WORKER_TOKEN: TOKEN.slice(1) }), /WORKER_TOKEN must have 32/);
});
