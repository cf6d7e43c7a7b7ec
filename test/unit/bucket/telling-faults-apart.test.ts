import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isTransient, statusOf } from '../../../bucket/faults.ts';

function fault(fields: object, cause?: unknown): Error {
  return Object.assign(new Error('fault', { cause }), fields);
}

test('a busy server and a broken network pass by themselves', () => {
  assert.ok(isTransient(fault({ status: 503 })));
  assert.ok(isTransient(fault({ code: '429' })));
  assert.ok(isTransient(fault({ code: 'ECONNREFUSED' })));
  assert.ok(isTransient(fault({}, fault({ code: 'ECONNRESET' }))));
});

test('a refusal does not pass, whatever broke later', () => {
  assert.ok(!isTransient(fault({ code: 403 })));
  assert.ok(!isTransient(fault({ status: 412 }, fault({ code: 'ECONNRESET' }))));
  assert.ok(!isTransient(fault({ code: 'ENOENT' })));
  assert.ok(!isTransient('ECONNRESET'));
});

test('the status is found however deep it stands, and a cause that points at itself ends the search', () => {
  const loop = fault({});
  loop.cause = loop;
  assert.equal(statusOf(fault({}, fault({ code: '404' }))), 404);
  assert.equal(statusOf(loop), undefined);
  assert.equal(statusOf(undefined), undefined);
});

test('each way in which a network or a busy server fails passes by itself, and nothing near it does', () => {
  for (const status of [408, 429, 500, 502, 503, 504]) assert.ok(isTransient(fault({ status })), `${status}`);
  for (const status of [400, 401, 404, 409, 501, 599]) assert.ok(!isTransient(fault({ status })), `${status}`);
  for (const code of [
    ...['EAI_AGAIN', 'ECONNABORTED', 'ECONNREFUSED', 'ECONNRESET', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND', 'EPIPE'],
    ...['ERR_STREAM_PREMATURE_CLOSE', 'ETIMEDOUT', 'UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_SOCKET'],
  ])
    assert.ok(isTransient(fault({ code })), code);
});

test('only what is a status of HTTP is one', () => {
  const statuses = [99, 100, 599, 600].map((code) => statusOf(fault({ code })));
  assert.deepEqual(statuses, [undefined, 100, 599, undefined]);
  assert.equal(statusOf(null), undefined);
});
