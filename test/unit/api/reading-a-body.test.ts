import assert from 'node:assert/strict';
import { PassThrough, Readable } from 'node:stream';
import { describe, test } from 'node:test';
import { parseJson, readBytes } from '../../../api/body.ts';

describe('a body', () => {
  test('is read whole', async () => {
    const bytes = await readBytes(Readable.from([Buffer.from('{"a"'), Buffer.from(':1}')]), 100);
    assert.deepEqual(parseJson(bytes), { a: 1 });
  });

  test('that is cut off is refused', async () => {
    const stream = new PassThrough();
    stream.write('{"a"');
    setImmediate(() => stream.destroy());
    await assert.rejects(readBytes(stream, 100), { status: 400, message: 'The request ended too early.' });
  });
});
