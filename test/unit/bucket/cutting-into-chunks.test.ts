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

async function* toStream(pieces: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  for (const piece of pieces) yield await Promise.resolve(piece);
}
