import assert from 'node:assert/strict';
import { test } from 'node:test';
import { freeing } from '../../../bucket/chunks.ts';

const LARGE_BYTES = 64 * 1024;

test('the memory of a piece is given back when the next one has come, and not before', async () => {
  const [first, second] = [Buffer.allocUnsafeSlow(LARGE_BYTES), Buffer.allocUnsafeSlow(LARGE_BYTES)];
  const pieces = freeing(toStream([first, second]));
  await pieces.next();
  assert.equal(first.length, LARGE_BYTES);
  await pieces.next();
  assert.deepEqual([first.length, second.length], [0, LARGE_BYTES]);
});

test('two pieces of one memory are both readable until a third comes from elsewhere', async () => {
  const memory = Buffer.allocUnsafeSlow(2 * LARGE_BYTES);
  const [first, second] = [memory.subarray(0, LARGE_BYTES), memory.subarray(LARGE_BYTES)];
  const pieces = freeing(toStream([first, second, Buffer.allocUnsafeSlow(1)]));
  await pieces.next();
  await pieces.next();
  assert.deepEqual([first.length, second.length], [LARGE_BYTES, LARGE_BYTES]);
  await pieces.next();
  assert.deepEqual([first.length, second.length], [0, 0]);
});

test('a small piece is let be: it may be cut out of memory that others use', async () => {
  const [small, neighbour] = [Buffer.from('small'), Buffer.from('neighbour')];
  const pieces = freeing(toStream([small, Buffer.allocUnsafeSlow(LARGE_BYTES)]));
  await pieces.next();
  await pieces.next();
  assert.deepEqual([String(small), String(neighbour)], ['small', 'neighbour']);
});

async function* toStream(pieces: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  for (const piece of pieces) yield await Promise.resolve(piece);
}
