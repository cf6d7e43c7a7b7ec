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
