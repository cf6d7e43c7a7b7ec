import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asUnreachable, faultsIn, refusalOf, ServiceUnreachable } from '../../../client/errors.ts';

test('a refusal of the service has its name, message and data', async () => {
  const body = { data: { name: 'Taken' }, error: 'InvalidParameters', msg: 'Look at it.', result: false };
  const refusal = await refusalOf(Response.json(body, { status: 400 }));
  assert.deepEqual(
    [refusal.message, refusal.status, refusal.error, refusal.data],
    ['Look at it.', 400, 'InvalidParameters', { name: 'Taken' }],
  );
});

test('an answer of somebody else on the way has at least its status', async () => {
  const refusal = await refusalOf(new Response('<html>', { status: 502, statusText: 'Bad Gateway' }));
  assert.deepEqual([refusal.message, refusal.error], ['the answer was 502 Bad Gateway', '']);
});

test('it says when it is worth another try', async () => {
  const refusal = await refusalOf(new Response('', { status: 429, headers: { 'retry-after': '3' } }));
  assert.equal(refusal.retryAfterMs, 3000);
});

test('faults are told by the path of their field', () => {
  assert.deepEqual(faultsIn({ name: 'Taken', job_parameters: { labels: { a: 'Too long' } } }), [
    { field: 'name', fault: 'Taken' },
    { field: 'job_parameters.labels.a', fault: 'Too long' },
  ]);
});

test('an address is told without what is signed of it', () => {
  const error = asUnreachable(new Error('reset'), 'https://bucket.example/o/a.zip?X-Goog-Signature=abc') as Error;
  assert.ok(error instanceof ServiceUnreachable);
  assert.equal(error.message, 'no answer from https://bucket.example: reset');
});

test('a stop that was asked for stays what it is', () => {
  const reason = new Error('left');
  assert.equal(asUnreachable(reason, 'http://a', AbortSignal.abort(reason)), reason);
});
