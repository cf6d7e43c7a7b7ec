import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { test } from 'node:test';
import fc from 'fast-check';
import { lastLineOf, resumeAfter, secondOf, unstamp, wholeLines } from '../../../cluster/stamped-log.ts';

/** Line `index` of a log that says something every `stepMs`, as the node stamps it. */
function lineAt(index: number, stepMs = 0.25): string {
  const micros = BigInt(Math.round(index * stepMs * 1000));
  const ms = Number(micros / 1000n);
  const stamp = new Date(1_790_000_000_000 + ms)
    .toISOString()
    .replace('Z', `${String(micros % 1000n).padStart(3, '0')}000Z`);
  return `${stamp} line ${index}\n`;
}

const linesFrom = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => lineAt(from + index)).join('');

/** What comes of a log that begins anew a little before `lastLine`, in chunks as a network makes them. */
async function resumed(text: string, chunkBytes: number, lastLine: string): Promise<string> {
  const bytes = Buffer.from(text, 'latin1');
  const chunks = Array.from({ length: Math.ceil(bytes.length / chunkBytes) }, (_, index) =>
    bytes.subarray(index * chunkBytes, (index + 1) * chunkBytes),
  );
  return (await buffer(resumeAfter(wholeLines(Readable.from(chunks)), lastLine))).toString('latin1');
}

test('a log that is gone on with anywhere is the log: no line is lost, and none comes twice', async () => {
  const cut = fc.record({
    total: fc.integer({ min: 1, max: 300 }),
    seen: fc.integer({ min: 1, max: 300 }),
    overlap: fc.integer({ min: 1, max: 50 }),
    chunkBytes: fc.integer({ min: 1, max: 500 }),
  });
  await fc.assert(
    fc.asyncProperty(cut, async ({ total, seen, overlap, chunkBytes }) => {
      const known = Math.min(seen, total);
      const again = linesFrom(Math.max(0, known - overlap), total);
      const rest = await resumed(again, chunkBytes, lineAt(known - 1));
      assert.equal(rest, linesFrom(known, total));
    }),
    { seed: 7, numRuns: 200 },
  );
});

test('a log whose last line was rotated away goes on with what is newer', async () => {
  const rest = await resumed(linesFrom(20_000, 20_100), 64, lineAt(5));
  assert.equal(rest, linesFrom(20_000, 20_100));
  const soon = await resumed(linesFrom(6, 9), 64, lineAt(5));
  assert.equal(soon, linesFrom(6, 9));
});

test('two lines of one moment and one text are told apart by their order', async () => {
  const twice = lineAt(1) + lineAt(1);
  assert.equal(await resumed(lineAt(0) + twice, 7, lineAt(0)), twice);
});

test('the stamps are taken out, and nothing else', () => {
  const texts = [
    'plain',
    '',
    '2026-11-24T18:31:11.123456789Z is a time',
    '\r2026-11-24T18:31:11.1Z x',
    'h\xe4llo',
    ' ',
  ];
  const stamped = texts.map((text, index) => lineAt(index).replace(/line \d+\n/, `${text}\n`)).join('');
  assert.equal(unstamp(Buffer.from(stamped, 'latin1')).toString('latin1'), texts.map((text) => `${text}\n`).join(''));
});

test('pieces end where lines do, but for the last one', async () => {
  const chunks = Readable.from(['a\nb', 'c', '\nd\ne'].map((text) => Buffer.from(text)));
  const pieces = await Array.fromAsync(wholeLines(chunks));
  assert.deepEqual(pieces.map(String), ['a\n', 'bc\nd\n', 'e']);
  assert.equal(lastLineOf(Buffer.from('a\nb\n')), 'b\n');
  assert.equal(lastLineOf(Buffer.from('a\nb')), 'b');
});

test('the API server is asked from the second of the last line on', () => {
  assert.equal(secondOf('2026-11-24T18:31:11.999999999Z x\n'), '2026-11-24T18:31:11Z');
  assert.equal(secondOf('2026-11-24T20:31:11.5+02:00 x\n'), '2026-11-24T18:31:11Z');
  assert.equal(secondOf('no time\n'), undefined);
});
