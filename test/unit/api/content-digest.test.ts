import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseContentDigest } from '../../../api/content-digest.ts';
import { isApiError } from '../../../api/errors.ts';

const algorithmsIn = (header: string) =>
  parseContentDigest({ 'content-digest': header }).map(({ algorithm }) => algorithm);

describe('a Content-Digest', () => {
  for (const [header, known] of Object.entries({
    'sha-256=:AAAA:': ['sha-256'],
    'sha-512=:AAAA:, sha-256=:BBBB:': ['sha-256', 'sha-512'],
    'md5=:AAAA:, sha-256=:AAAA:': ['sha-256'],
    'unixsum=:AAAA:,x=::': [],
  })) {
    test(`${header} is checked by ${known.join(' and ') || 'nothing'}`, () => {
      assert.deepEqual(algorithmsIn(header), known);
    });
  }

  for (const header of [
    'sha-256',
    'sha-256=AAAA',
    'sha-256="AAAA"',
    'sha-256=:AA!:',
    'sha-256=:AAAA',
    '=:AAAA:',
    'ä=1',
    '',
    'sha-256=:AAAA:;q=1',
    'sha-256=:AAAA:, x=1',
  ]) {
    test(`${header} is malformed`, () => {
      assert.throws(
        () => algorithmsIn(header),
        (error) => isApiError(error) && error.status === 400,
      );
    });
  }

  test('is not asked for', () => {
    assert.deepEqual(parseContentDigest({}), []);
  });
});
