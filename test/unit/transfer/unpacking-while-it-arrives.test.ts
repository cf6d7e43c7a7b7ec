import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { crc32, deflateRawSync } from 'node:zlib';
import { downloadOf, TAIL_BYTES } from '../../support/arriving-input.ts';
import { answerOf, heldAnswer } from '../../support/object-server.ts';
import { rawZip } from '../../support/raw-zips.ts';
import { describeTree } from '../../support/trees.ts';

const FIRST = randomBytes(200_000);
const LAST = Buffer.alloc(300_000, 'last ');
const SMALL = Array.from({ length: 700 }, (_, index) => ({ name: `${index}`.padStart(60, '0'), content: 'x' }));
const ZIP = rawZip([{ name: 'first', content: FIRST }, ...SMALL, { name: 'last', content: LAST, isDeflated: true }]);

test('an entry is unpacked before the end of its archive has come, and is kept nowhere else', async (context) => {
  const { answer, letGo } = heldAnswer(ZIP, FIRST.length + 1000);
  const { folder, inScratch, outcome } = await downloadOf(context, ZIP, { answer });
  await context.waitFor(() => assert.ok(readFileSync(join(folder, 'first')).equals(FIRST)), { timeout: 30_000 });
  const directoryStart = ZIP.indexOf('PK\x01\x02', 0, 'latin1');
  assert.ok(inScratch().subarray(0, directoryStart).equals(Buffer.alloc(directoryStart)));
  letGo();
  assert.equal(await outcome, 702);
  assert.ok(readFileSync(join(folder, 'last')).equals(LAST));
});

test('nothing is left in the scratch folder', async (context) => {
  const { inScratch, outcome } = await downloadOf(context, ZIP);
  assert.equal(await outcome, 702);
  assert.throws(inScratch, { code: 'ENOENT' });
});

test('the end is asked for, the rest of a long directory, and then the whole', async (context) => {
  const { server, outcome } = await downloadOf(context, ZIP);
  assert.equal(await outcome, 702);
  const [tailStart, directoryStart] = [ZIP.length - TAIL_BYTES, ZIP.indexOf('PK\x01\x02', 0, 'latin1')];
  assert.deepEqual(server.asked, [
    { start: tailStart, end: ZIP.length, isRange: true },
    { start: directoryStart, end: tailStart, isRange: true },
    { start: 0, end: undefined, isRange: false },
  ]);
});

test('a small archive is asked for once', async (context) => {
  const { server, outcome } = await downloadOf(context, ZIP, { wholeBytes: ZIP.length });
  assert.equal(await outcome, 702);
  assert.deepEqual(server.asked, [{ start: 0, end: undefined, isRange: false }]);
});

test('an archive without entries is unpacked', async (context) => {
  const empty = rawZip([]);
  for (const wholeBytes of [0, empty.length]) {
    const { folder, outcome } = await downloadOf(context, empty, { wholeBytes });
    assert.deepEqual([await outcome, describeTree(folder)], [0, {}]);
  }
});

test('entries that stand in another order than the directory has are unpacked when all of them are there', async (context) => {
  const secondStart = 30 + 5 + FIRST.length;
  const zip = rawZip([
    { name: 'first', content: FIRST, claimedOffset: secondStart },
    { name: 'other', content: FIRST, claimedOffset: 0 },
  ]);
  const { folder, server, outcome } = await downloadOf(context, zip);
  assert.equal(await outcome, 2);
  for (const name of ['first', 'other']) assert.ok(readFileSync(join(folder, name)).equals(FIRST));
  assert.deepEqual(
    server.asked.map(({ isRange }) => isRange),
    [true, false],
  );
});

test('a connection that breaks in the middle of an entry is taken up again', async (context) => {
  const brokenAt = 150_000;
  const { folder, server, outcome } = await downloadOf(context, ZIP, {
    answer: (asked, outgoing) => {
      if (asked.isRange) return answerOf(ZIP)(asked, outgoing);
      outgoing.write(ZIP.subarray(0, brokenAt), () => outgoing.destroy());
    },
  });
  assert.equal(await outcome, 702);
  assert.ok(readFileSync(join(folder, 'first')).equals(FIRST));
  assert.equal(server.asked.at(-1)?.start, brokenAt);
});

test('what stands behind the end of a compressed content is passed over, when it comes late as well', async (context) => {
  const packed = deflateRawSync(LAST);
  const zip = rawZip([
    {
      name: 'long',
      content: Buffer.concat([packed, randomBytes(200_000)]),
      claimedMethod: 8,
      claimedSizeBytes: LAST.length,
      claimedCrc32: crc32(LAST),
    },
    { name: 'next', content: FIRST },
  ]);
  const { answer, letGo } = heldAnswer(zip, packed.length + 100_000);
  const { folder, outcome } = await downloadOf(context, zip, { answer });
  const isDone = () => assert.equal(statSync(join(folder, 'long')).mode & 0o777, 0o644);
  await context.waitFor(isDone, { timeout: 30_000 });
  letGo();
  assert.equal(await outcome, 2);
  assert.ok(readFileSync(join(folder, 'next')).equals(FIRST));
});
