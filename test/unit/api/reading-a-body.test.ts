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

  test('that is too large is refused by the name of the limit, and with what to do', async () => {
    await assert.rejects(readBytes(Readable.from([Buffer.alloc(60), Buffer.alloc(60)]), 100), {
      status: 413,
      message:
        'The JSON is larger than 100 bytes (API_MAX_BODY_BYTES): send the input zip as a part of multipart/form-data.',
    });
  });

  test('that is nested too deep is refused before it is parsed', () => {
    const nested = (depth: number) => Buffer.from('[{"a":'.repeat(depth / 2) + '1' + '}]'.repeat(depth / 2));
    assert.doesNotThrow(() => parseJson(nested(32)));
    assert.throws(() => parseJson(nested(34)), {
      status: 400,
      message: 'The request is nested deeper than 32 levels.',
    });
    // It is no JSON either, but nobody looked so far.
    const open = Buffer.alloc(1024 ** 2, '[');
    assert.throws(() => parseJson(open), { status: 400, message: 'The request is nested deeper than 32 levels.' });
  });

  test('with too many values is refused before it is parsed', () => {
    const list = (count: number) => Buffer.from(`[${Array(count).fill('1').join()}]`);
    assert.doesNotThrow(() => parseJson(list(10_000)));
    assert.throws(() => parseJson(list(10_001)), { status: 400, message: 'The request has more than 10000 values.' });
    const commas = Buffer.alloc(20_000, ',');
    assert.throws(() => parseJson(commas), { status: 400, message: 'The request has more than 10000 values.' });
  });

  test('may have any characters in its texts', () => {
    const texts = ['['.repeat(100), ','.repeat(20_000), '"[', '\\', '\\"[{', '\u0000€'];
    const whole = Object.fromEntries(texts.map((text) => [text, [text]]));
    assert.deepEqual(parseJson(Buffer.from(JSON.stringify(whole))), whole);
  });
});
