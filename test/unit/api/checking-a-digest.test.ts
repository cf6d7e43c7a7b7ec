import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, test } from 'node:test';
import { parseContentDigest, readChecked } from '../../../api/content-digest.ts';

const digestOf = (algorithm: string, content: string) => createHash(algorithm).update(content).digest('base64');

const header = (sha256Of: string, sha512Of: string) =>
  `sha-256=:${digestOf('sha256', sha256Of)}:, sha-512=:${digestOf('sha512', sha512Of)}:`;

/** Reads a request with `content`, sent in two pieces, under a header with digests. */
async function read(content: string, contentDigest?: string): Promise<string> {
  const request = new PassThrough();
  const digests = parseContentDigest(contentDigest === undefined ? {} : { 'content-digest': contentDigest });
  const reading = readChecked(request as unknown as IncomingMessage, digests, () => text(request));
  request.write(content.slice(0, 2));
  request.end(content.slice(2));
  return await reading;
}

const faultOf = (fault: string) => ({ status: 400, data: { 'Content-Digest': fault } });

describe('content', () => {
  test('with the digests that its header names is read', async () => {
    assert.equal(await read('content', header('content', 'content')), 'content');
  });

  test('without a header is read', async () => {
    assert.equal(await read('content'), 'content');
  });

  test('with another digest than its header names is refused, with the algorithm', async () => {
    await assert.rejects(
      read('content', header('other', 'content')),
      faultOf('The content that arrived has another sha-256'),
    );
    await assert.rejects(
      read('content', header('other', 'other')),
      faultOf('The content that arrived has another sha-256 and sha-512'),
    );
  });

  test('under a header that is malformed is refused', () => {
    assert.throws(
      () => parseContentDigest({ 'content-digest': '=' }),
      faultOf('Must be a dictionary of byte sequences, like sha-256=:…:'),
    );
  });
});
