import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { test } from 'node:test';
import { ApiException } from '@kubernetes/client-node';
import { PATIENCE_MS, streamsOf } from '../../support/streams-of.ts';

test('a log that is followed and silent for long stays open', async (context) => {
  const openStream = await streamsOf(context, (_request, response) => {
    response.write('one ');
    // Timers of connections are only looked at from time to time.
    setTimeout(() => response.end('two'), PATIENCE_MS + 2_000);
  });
  const stream = await openStream('/log', { follow: 'true' });
  const chunks = await stream.toArray();
  assert.equal(Buffer.concat(chunks as Buffer[]).toString(), 'one two');
});

test('an answer that is not 200 is thrown with its code and body', async (context) => {
  const openStream = await streamsOf(context, (_request, response) => {
    response.writeHead(404).end('{"message":"no such pod"}');
  });
  await assert.rejects(
    openStream('/log', {}),
    (error) => error instanceof ApiException && error.code === 404 && error.body === '{"message":"no such pod"}',
  );
});

test('a stream that breaks while nobody reads it is told to whoever reads it then', async (context) => {
  const openStream = await streamsOf(context, (_request, response) => {
    response.write('one');
    setTimeout(() => response.destroy(), 50);
  });
  const stream = await openStream('/log', {});
  await sleep(200);
  await assert.rejects(stream.toArray());
});
