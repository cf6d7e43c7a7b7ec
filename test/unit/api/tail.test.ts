import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { test } from 'node:test';
import fc from 'fast-check';
import { lastLines, withoutFirst } from '../../../api/tail.ts';

/** The last lines of a text that comes in pieces. */
async function tailOf(pieces: readonly string[], count: number): Promise<string> {
  return (await buffer(lastLines(Readable.from(pieces.map((piece) => Buffer.from(piece))), count))).toString();
}

test('the last lines of a log are the same however it is cut into pieces', async () => {
  const text = fc
    .array(fc.constantFrom('a', 'ä', '\n', 'long line '), { maxLength: 60 })
    .map((parts) => parts.join(''));
  await fc.assert(
    fc.asyncProperty(text, fc.nat({ max: 8 }), fc.array(fc.nat(), { maxLength: 5 }), async (whole, count, cuts) => {
      const at = [0, ...cuts.map((cut) => cut % (whole.length + 1)).toSorted((a, b) => a - b), whole.length];
      const pieces = at.slice(1).map((end, index) => whole.slice(at[index], end));
      const lines = whole.split(/(?<=\n)/).filter((line) => line !== '');
      assert.equal(await tailOf(pieces, count), count === 0 ? '' : lines.slice(-count).join(''));
    }),
  );
});

test('a log with fewer lines comes whole, and an unfinished line counts', async () => {
  assert.equal(await tailOf(['one\ntw', 'o'], 5), 'one\ntwo');
  assert.equal(await tailOf(['one\ntw', 'o'], 1), 'two');
});

test('the last lines of a log are at most its last mebibyte', async () => {
  const piece = Buffer.alloc(64 * 1024, 'x');
  const log = Readable.from([...Array<Buffer>(40).fill(piece), Buffer.from('the end')]);
  const tail = await buffer(lastLines(log, 1));
  assert.equal(tail.length, 1024 ** 2);
  assert.ok(tail.subarray(-10).equals(Buffer.from('xxxthe end')));
});

test('a log without its first bytes is its rest, however it is cut into pieces', async () => {
  for (const [sizeBytes, rest] of [
    [0, 'onetwothree'],
    [2, 'etwothree'],
    [3, 'twothree'],
    [7, 'hree'],
    [11, ''],
    [99, ''],
  ] as const) {
    const log = Readable.from(['one', 'two', 'three'].map((piece) => Buffer.from(piece)));
    assert.equal((await buffer(withoutFirst(log, sizeBytes))).toString(), rest);
  }
});
