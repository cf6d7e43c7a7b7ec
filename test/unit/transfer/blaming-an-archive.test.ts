import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { downloadOf } from '../../support/arriving-input.ts';
import type { ArrivingInput } from '../../support/arriving-input.ts';
import { answerOf, heldAnswer } from '../../support/object-server.ts';
import type { AnswerBody } from '../../support/object-server.ts';
import { rawZip } from '../../support/raw-zips.ts';

/** Larger than an end that is read first. */
const CONTENT = randomBytes(200_000);
const ZIP = rawZip([{ name: 'a', content: CONTENT }]);
const WRONG = rawZip([
  { name: 'a', content: CONTENT, claimedCrc32: 1 },
  { name: 'b', content: CONTENT },
]);
const TOO_SMALL = { maxBytes: CONTENT.length - 1 };

/** Answers parts from one content, and the whole from another. */
function partsAndWhole(parts: Buffer, whole: Buffer): AnswerBody {
  return (asked, outgoing) => answerOf(asked.isRange ? parts : whole)(asked, outgoing);
}

/** One bit of the byte at this place is another one; places below 0 are counted from the end. */
function damaged(zip: Buffer, at: number): Buffer {
  const copy = Buffer.from(zip);
  const place = at < 0 ? zip.length + at : at;
  copy.writeUInt8(copy.readUInt8(place) ^ 1, place);
  return copy;
}

async function assertFailure({ outcome }: ArrivingInput, reason: string, message: RegExp): Promise<void> {
  const ended = await outcome;
  assert.ok(typeof ended !== 'number', 'it was unpacked');
  assert.equal(ended[0], reason);
  assert.match(ended[1], message);
}

test('an entry that was damaged on its way is an input that is not there, not one that is invalid', async (context) => {
  const input = await downloadOf(context, ZIP, { answer: answerOf(damaged(ZIP, 1000)) });
  await assertFailure(input, 'InputUnavailable', /^object a\.zip should hold .* but holds/);
});

test('a directory that was damaged on its way is no fault of the archive either', async (context) => {
  // The sign in front of the end.
  const input = await downloadOf(context, ZIP, { answer: answerOf(damaged(ZIP, -22)) });
  await assertFailure(input, 'InputUnavailable', /^object a\.zip should hold .* but holds/);
});

test('an end that is another one when it comes again is believed in nothing', async (context) => {
  for (const place of [-22, -60]) {
    const input = await downloadOf(context, ZIP, { answer: partsAndWhole(damaged(ZIP, place), ZIP) });
    await assertFailure(input, 'InputUnavailable', /^the end of a\.zip is not the one that was read first$/);
  }
});

test('a size that only a damaged end tells is not held against the archive', async (context) => {
  const larger = rawZip([{ name: 'a', content: randomBytes(300_000) }]);
  const answer = partsAndWhole(Buffer.concat([ZIP.subarray(0, -30), larger.subarray(-30)]), ZIP);
  const input = await downloadOf(context, ZIP, { answer, limits: { maxBytes: 250_000 } });
  await assertFailure(input, 'InputUnavailable', /^the end of a\.zip/);
});

test('an archive is invalid only when it has come whole', async (context) => {
  const { answer, letGo } = heldAnswer(WRONG, CONTENT.length + 1000);
  const input = await downloadOf(context, WRONG, { answer });
  let isOver = false;
  void input.outcome.then(() => (isOver = true));
  await context.waitFor(() => assert.equal(input.server.asked.length, 2));
  assert.equal(isOver, false);
  letGo();
  await assertFailure(input, 'InputInvalid', /^entry "a" .* CRC-32/);
});

test('an archive that says that it is too large is so when it has come whole', async (context) => {
  const input = await downloadOf(context, ZIP, { limits: TOO_SMALL });
  await assertFailure(input, 'InputTooLarge', /^unpacked, the input is larger/);
  assert.equal(input.server.asked.length, 2);
});

test('an object that is not there is unavailable', async (context) => {
  const input = await downloadOf(context, ZIP, { answer: (_asked, outgoing) => void outgoing.writeHead(404).end() });
  await assertFailure(input, 'InputUnavailable', /^object a\.zip does not exist$/);
});

test('an object that is longer than it should be is another one', async (context) => {
  const input = await downloadOf(context, ZIP, { answer: answerOf(Buffer.concat([ZIP, Buffer.alloc(100)])) });
  await assertFailure(input, 'InputUnavailable', /^object a\.zip should hold .* but holds/);
});
