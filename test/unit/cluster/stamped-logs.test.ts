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

/** A line that the node stamped with this part of one second. */
const at = (fraction: string, text = 'x') => `2026-11-24T18:31:11.${fraction}Z ${text}\n`;

test('a log that is read for the first time comes whole', async () => {
  const log = lineAt(0) + lineAt(1).trimEnd();
  assert.equal((await buffer(resumeAfter(wholeLines(Readable.from([Buffer.from(log)])), undefined))).toString(), log);
});

test('after the last line everything comes, even what the node stamped with an earlier time', async () => {
  const late = lineAt(4).replace('line', 'late');
  assert.equal(await resumed(lineAt(5) + late + lineAt(6), 1000, lineAt(5)), late + lineAt(6));
});

test('of a log whose last line is gone nothing comes that is as old, by the last digit of its time', async () => {
  const text = at('123455000', 'old') + at('123456', 'same') + at('123457', 'new') + at('124', 'newer');
  assert.equal(await resumed(text, 1000, at('123456')), at('123457', 'new') + at('124', 'newer'));
  assert.equal(await resumed(at('9') + at('91'), 1000, at('90')), at('91'));
});

test('the rest of a long line goes with the stamped part before it', async () => {
  const text = `rest of an old one\n${lineAt(4)}rest\n${lineAt(6)}h\xe4llo\n${lineAt(7)}`;
  assert.equal(await resumed(text, 1000, lineAt(5)), `${lineAt(6)}h\xe4llo\n${lineAt(7)}`);
});

test('a last line that is missing for two seconds is looked for no longer', async () => {
  let isExhausted = false;
  const pieces = async function* () {
    yield* await Promise.resolve([lineAt(6), lineAt(20_000) + lineAt(20_001)].map((text) => Buffer.from(text)));
    isExhausted = true;
  };
  const first: IteratorResult<Buffer, void> = await resumeAfter(pieces(), lineAt(5)).next();
  assert.equal(String(first.value), lineAt(6) + lineAt(20_000) + lineAt(20_001));
  assert.equal(isExhausted, false);
});

test('bytes that are no UTF-8 come as they are', async () => {
  for (const last of [lineAt(5), lineAt(4)])
    assert.equal(
      await resumed(`${lineAt(5)}${lineAt(6, 1000)}${at('1', '\xff\xe4')}`, 1000, last).then((rest) =>
        rest.includes('\xff\xe4'),
      ),
      true,
    );
});

test('a line that does not end is passed on in pieces, and no piece is empty', async () => {
  const long = Buffer.alloc(700_000, 'x');
  const pieces = await Array.fromAsync(wholeLines(Readable.from([long, long, Buffer.from('y\n')])));
  assert.deepEqual(
    pieces.map(({ length }) => length),
    [1_400_000, 2],
  );
  assert.equal(lastLineOf(Buffer.from('ab\ncd\n')), 'cd\n');
});

test('what is held of a log holds no memory that is not its own', async () => {
  for await (const piece of wholeLines(Readable.from([Buffer.from(lineAt(0)), Buffer.from(lineAt(1))])))
    assert.equal(piece.buffer.byteLength, piece.length);
});
