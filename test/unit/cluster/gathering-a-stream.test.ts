import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, test } from 'node:test';
import type { TestContext } from 'node:test';
import { ApiException } from '@kubernetes/client-node';
import { PATIENCE_MS, streamsOf } from '../../support/streams-of.ts';

const LEAST_BYTES = 8;
const FOLLOWED = { follow: 'true' };

/** A log that is followed until it has eight bytes, and what its server has to answer with. */
async function aGathering(context: TestContext, signal?: AbortSignal) {
  const { promise: answering, resolve } = Promise.withResolvers<ServerResponse>();
  const openStream = await streamsOf(context, (_request, response) => resolve(response));
  let isHandedOver = false;
  const gathered = openStream('/log', FOLLOWED, signal, LEAST_BYTES).finally(() => (isHandedOver = true));
  gathered.catch(() => undefined);
  return { answer: await answering, gathered, isHandedOver: () => isHandedOver };
}

async function textOf(stream: Readable): Promise<string> {
  return Buffer.concat((await stream.toArray()) as Buffer[]).toString();
}

describe('a stream that is gathered', () => {
  test('is handed over when enough has come, from the first byte to the last', async (context) => {
    const { answer, gathered, isHandedOver } = await aGathering(context);
    answer.write('seven..');
    await sleep(100);
    assert.equal(isHandedOver(), false);
    answer.write('eight ');
    const stream = await gathered;
    answer.end('and more');
    assert.equal(await textOf(stream), 'seven..eight and more');
  });

  test('is handed over at its end, when that comes first', async (context) => {
    const { answer, gathered } = await aGathering(context);
    answer.end('few');
    assert.equal(await textOf(await gathered), 'few');
  });

  test('may be silent for longer than others', async (context) => {
    const { answer, gathered } = await aGathering(context);
    answer.write('one ');
    await sleep(PATIENCE_MS + 2_000);
    answer.end('two');
    assert.equal(await textOf(await gathered), 'one two');
  });

  test('tells what has come before it tells that it broke', async (context) => {
    const { answer, gathered } = await aGathering(context);
    answer.write('few');
    await sleep(100);
    answer.destroy();
    const chunks: unknown[] = [];
    const reading = (async () => {
      for await (const chunk of await gathered) chunks.push(String(chunk));
    })();
    await assert.rejects(reading, /closed|terminated/);
    assert.deepEqual(chunks, ['few']);
  });

  test('that was handed over and breaks is told to whoever reads it then', async (context) => {
    const { answer, gathered } = await aGathering(context);
    answer.write('enough of it');
    const stream = await gathered;
    answer.destroy();
    await sleep(100);
    await assert.rejects(stream.toArray());
  });

  test('leaves the server when its reader aborts it, silent or not', async (context) => {
    const leaving = new AbortController();
    const { answer, gathered } = await aGathering(context, leaving.signal);
    answer.write('few');
    await sleep(100);
    leaving.abort(new Error('enough'));
    await once(answer, 'close');
    await assert.rejects((await gathered).toArray(), /enough/);
  });

  test('leaves the server when its reader goes away', async (context) => {
    const { answer, gathered } = await aGathering(context);
    answer.write('enough of it');
    (await gathered).destroy();
    await once(answer, 'close');
  });

  test('lets the server wait for a slow reader, and loses nothing', async (context) => {
    const { answer, gathered } = await aGathering(context);
    const written = Buffer.alloc(16 * 1024 ** 2, 'x');
    answer.write('enough of it');
    const stream = await gathered;
    answer.end(written);
    await sleep(300);
    assert.ok(answer.writableLength > 0, 'all was taken at once');
    assert.equal((await textOf(stream)).length, 'enough of it'.length + written.length);
  });

  test('is refused with code and body, however long the body is', async (context) => {
    const { answer, gathered } = await aGathering(context);
    answer.writeHead(404).end('{"message":"no such pod"}');
    await assert.rejects(
      gathered,
      (error) => error instanceof ApiException && error.code === 404 && error.body === '{"message":"no such pod"}',
    );
  });

  test('that nobody answers is an error', async (context) => {
    const { answer, gathered } = await aGathering(context);
    answer.destroy();
    await assert.rejects(gathered);
  });
});
