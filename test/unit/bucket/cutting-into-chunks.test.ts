import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { chunksOf } from '../../../bucket/chunks.ts';
import type { Chunk } from '../../../bucket/chunks.ts';

fc.configureGlobal({ seed: 20_240_229 });

test('chunks are full but for the last, follow each other, and hold the stream', async () => {
  const pieces = fc.array(fc.uint8Array({ maxLength: 20 }), { maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(pieces, fc.integer({ min: 1, max: 16 }), async (source, sizeBytes) => {
      const seen: Buffer[] = [];
      let offset = 0;
      let ends = 0;
      for await (const chunk of chunksOf(toStream(source), sizeBytes)) {
        assert.equal(chunk.offset, offset);
        if (!chunk.isLast) assert.equal(chunk.bytes.length, sizeBytes);
        offset += chunk.bytes.length;
        ends += chunk.isLast ? 1 : 0;
        seen.push(Buffer.from(chunk.bytes));
      }
      assert.equal(ends, 1);
      assert.deepEqual(Buffer.concat(seen), Buffer.concat(source));
    }),
  );
});

test('a chunk is still whole when the next one has been filled', async () => {
  const chunks = chunksOf(toStream([Buffer.from('aabbcc')]), 2);
  const { value: first } = (await chunks.next()) as IteratorYieldResult<Chunk>;
  await chunks.next();
  assert.equal(String(first.bytes), 'aa');
});

test('a chunk that grows while it fills holds the stream, however it comes', async () => {
  const size = fc.integer({ min: 0, max: 40_000 });
  await fc.assert(
    fc.asyncProperty(
      fc.array(size, { maxLength: 8 }),
      fc.integer({ min: 1, max: 100_000 }),
      async (sizes, sizeBytes) => {
        const source = sizes.map((length, at) => Buffer.alloc(length, at + 1));
        const seen: Buffer[] = [];
        for await (const { bytes } of chunksOf(toStream(source), sizeBytes)) seen.push(Buffer.from(bytes));
        assert.ok(seen.slice(0, -1).every(({ length }) => length === sizeBytes));
        assert.ok(Buffer.concat(seen).equals(Buffer.concat(source)));
      },
    ),
  );
});

test('what is small takes little memory, although a chunk may be large', async () => {
  const { value: chunk } = (await chunksOf(
    toStream([Buffer.from('aabbcc')]),
    8 * 1024 ** 2,
  ).next()) as IteratorYieldResult<Chunk>;
  assert.ok(chunk.bytes.buffer.byteLength <= 64 * 1024, `${chunk.bytes.buffer.byteLength}`);
});

test('the memory of both chunks is given back when nothing is left', async () => {
  const seen: Buffer[] = [];
  for await (const { bytes } of chunksOf(toStream([Buffer.from('aabbc')]), 2)) seen.push(bytes);
  assert.deepEqual(
    seen.map(({ length }) => length),
    [0, 0, 0],
  );
});

async function* toStream(pieces: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  for (const piece of pieces) yield await Promise.resolve(piece);
}
