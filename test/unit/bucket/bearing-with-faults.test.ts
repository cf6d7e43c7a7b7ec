import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPatience, withPatience } from '../../../bucket/patience.ts';

const reset = (message = 'the connection was reset') => Object.assign(new Error(message), { code: 'ECONNRESET' });

test('what passes within the limit is borne with, however often it comes again', async () => {
  let calls = 0;
  const flaky = () => (++calls < 3 ? Promise.reject(reset()) : Promise.resolve('through'));
  assert.equal(await withPatience(flaky, { limitMs: 60_000 }), 'through');
  assert.equal(calls, 3);
});

test('what lasts for longer than the limit is told as it came last', async () => {
  const startMs = performance.now();
  let last: Error | undefined;
  const broken = () => Promise.reject((last = reset()));
  await assert.rejects(withPatience(broken, { limitMs: 300 }), (error) => error === last);
  assert.ok(performance.now() - startMs >= 300);
});

test('the limit begins anew when something got through', async () => {
  const patience = createPatience({ limitMs: 200 });
  for (let row = 0; row < 3; row++) {
    await patience.afterFailure(reset());
    patience.reset();
  }
});

test('neither a refusal nor a client that has gone is waited for', async () => {
  const refusal = Object.assign(new Error('no'), { status: 403 });
  await assert.rejects(
    withPatience(() => Promise.reject(refusal), { limitMs: 60_000 }),
    refusal,
  );
  const gone = createPatience({ limitMs: 60_000, signal: AbortSignal.abort() });
  const error = reset();
  await assert.rejects(gone.afterFailure(error), error);
});

test('what takes longer than the limit is tried as often as is asked for', async () => {
  let calls = 0;
  const broken = () => Promise.reject(reset(String(++calls)));
  await assert.rejects(withPatience(broken, { limitMs: 0, leastTries: 3 }), /3/);
  assert.equal(calls, 3);
});

test('who asks says which faults may pass', async () => {
  const lost = new Error('lost');
  const patience = createPatience({ limitMs: 60_000, mayPass: (error) => error === lost });
  await patience.afterFailure(lost);
  const error = reset();
  await assert.rejects(patience.afterFailure(error), error);
});
