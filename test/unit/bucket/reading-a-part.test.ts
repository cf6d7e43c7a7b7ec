import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { contentOf } from '../../support/content.ts';
import { isObjectMissing } from '../../../bucket/errors.ts';
import { createSignedBucket } from '../../../bucket/signed.ts';
import { answerOf, createObjectServer } from '../../support/object-server.ts';
import type { AnswerBody } from '../../support/object-server.ts';

const CONTENT = randomBytes(200_000);

/** Reads bytes 50,000 to 150,000. */
async function partOf(context: TestContext, answer: AnswerBody) {
  const { url, asked } = await createObjectServer(context, answer);
  const bucket = createSignedBucket({ url, patienceMs: 5000 });
  const reader = await bucket.openReader('object', { expected: contentOf(CONTENT) });
  const read = async () => Buffer.concat(await Array.fromAsync(reader.part(50_000, 150_000)));
  return { read, asked };
}

test('a part has the bytes that stand there, and no more is asked for', async (context) => {
  const { read, asked } = await partOf(context, answerOf(CONTENT));
  assert.ok((await read()).equals(CONTENT.subarray(50_000, 150_000)));
  assert.deepEqual(asked, [{ start: 50_000, end: 150_000, isRange: true }]);
});

test('a part whose connection breaks is taken up where it broke', async (context) => {
  const { read, asked } = await partOf(context, (part, outgoing) => {
    if (part.start > 50_000) return answerOf(CONTENT)(part, outgoing);
    outgoing.write(CONTENT.subarray(50_000, 80_000), () => outgoing.destroy());
  });
  assert.ok((await read()).equals(CONTENT.subarray(50_000, 150_000)));
  assert.deepEqual(asked[1], { start: 80_000, end: 150_000, isRange: true });
});

test('a server that sends the whole for a part is refused', async (context) => {
  const { read } = await partOf(context, (_part, outgoing) => {
    outgoing.statusCode = 200;
    outgoing.end(CONTENT);
  });
  await assert.rejects(read(), /the server sent object whole instead of its bytes=50000-149999/);
});

test('a server that sends more than the part is refused', async (context) => {
  const { read } = await partOf(context, ({ start }, outgoing) => void outgoing.end(CONTENT.subarray(start)));
  await assert.rejects(read(), /the server sent more of object/);
});

test('a part of an object that is not there is missing', async (context) => {
  const { read } = await partOf(context, (_part, outgoing) => void outgoing.writeHead(404).end());
  await assert.rejects(read(), isObjectMissing);
});
