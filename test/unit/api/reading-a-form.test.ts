import assert from 'node:assert/strict';
import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { once } from 'node:events';
import { buffer } from 'node:stream/consumers';
import { test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { createBodyBudget } from '../../../api/body-budget.ts';
import { readForm } from '../../../api/form.ts';
import { zipOf } from '../../support/zip-entries.ts';

const LIMITS = { maxJobBytes: 1_000, maxInputBytes: 10_000_000 };

/** More than the streams between a request and its reader hold. */
const SIZE_BYTES = 1_000_000;

async function aForm(input: Buffer<ArrayBuffer>): Promise<{ type: string; body: Buffer }> {
  const form = new FormData();
  form.set('job', '{}');
  form.set('input', new Blob([input]), 'input.zip');
  const response = new Response(form);
  return { type: response.headers.get('content-type') ?? '', body: Buffer.from(await response.arrayBuffer()) };
}

/** A request that Node has received whole. */
function aRequest(type: string, body: Buffer): IncomingMessage {
  const request = new IncomingMessage(new Socket());
  request.headers['content-type'] = type;
  request.push(body);
  request.push(null);
  return request;
}

test('a form that has arrived whole is read, though the request closes before its input is taken', async () => {
  const input = await zipOf({ a: { content: Buffer.alloc(SIZE_BYTES, 'x'), isCompressed: false } });
  const { type, body } = await aForm(input);
  const request = aRequest(type, body);
  const closed = once(request, 'close');
  const takeLate = async (_job: unknown, stream: AsyncIterable<Uint8Array>) => {
    request.emit('close');
    await Promise.all([closed, nextTurn()]);
    return (await buffer(stream)).length;
  };
  assert.deepEqual(await readForm(request, LIMITS, takeLate, createBodyBudget(Infinity)()), {
    job: {},
    input: input.length,
  });
});
