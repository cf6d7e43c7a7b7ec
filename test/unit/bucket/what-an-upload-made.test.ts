import assert from 'node:assert/strict';
import { test } from 'node:test';
import { foundInAnswer } from '../../../bucket/stat.ts';

const FOUND = { stored: { object: 'a.zip', sizeBytes: 22, crc32c: 'n03x6A==' }, generation: 7 };

test('what an upload made is said in the body, or in headers', () => {
  const body = JSON.stringify({ size: '22', crc32c: 'n03x6A==', generation: '7' });
  assert.deepEqual(foundInAnswer('a.zip', { status: 200, headers: {}, body }), FOUND);
  const headers = {
    'x-goog-hash': 'crc32c=n03x6A==, md5=Ojk9c3dhfxgoKVVHYwFbHQ==',
    'x-goog-stored-content-length': '22',
    'x-goog-generation': '7',
  };
  assert.deepEqual(foundInAnswer('a.zip', { status: 200, headers, body: '' }), FOUND);
});

test('an answer that does not say all of it is no proof', () => {
  for (const headers of [{}, { 'x-goog-hash': 'crc32c=n03x6A==' }, { 'x-goog-hash': 'md5=Ojk9c3dhfxgoKVVHYwFbHQ==' }])
    assert.throws(() => foundInAnswer('a.zip', { status: 200, headers, body: '{}' }), /lacks/);
});
