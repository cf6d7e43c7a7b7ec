import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApiRefusal, ServiceUnreachable } from '../../../client/errors.ts';
import { createPatience, patiently } from '../../../client/patience.ts';

const AWAY = new ServiceUnreachable('away');

function refusal(status: number, retryAfterMs?: number): ApiRefusal {
  return new ApiRefusal('no', { status, error: '', data: '', ...(retryAfterMs !== undefined && { retryAfterMs }) });
}

test('a request that fails and then does not is answered', async () => {
  let tries = 0;
  const answer = await patiently({}, () =>
    Promise.resolve((tries += 1)).then((nth) => (nth < 2 ? Promise.reject(AWAY) : nth)),
  );
  assert.equal(answer, 2);
});

test('a refusal that will not pass is thrown at once', async () => {
  for (const status of [400, 401, 403, 404, 409, 413, 500]) {
    const refused = refusal(status);
    await assert.rejects(createPatience({}).waitOut(refused), (error) => error === refused);
  }
});

test('after the last try the first error is not hidden by another one', async () => {
  const patience = createPatience({ maxTries: 1 });
  await assert.rejects(patience.waitOut(AWAY), (error) => error === AWAY);
});

test('a connection that breaks once is not told of; one that breaks again is', async () => {
  const told: unknown[] = [];
  const patience = createPatience({ onTrouble: (error) => told.push(error) });
  await patience.waitOut(AWAY);
  assert.deepEqual(told, []);
  await patience.waitOut(AWAY);
  assert.deepEqual(told, [AWAY]);
});

test('a service that says when to come again is waited for so long, and told of', async () => {
  const told: unknown[] = [];
  const startedMs = performance.now();
  await createPatience({ onTrouble: (error) => told.push(error) }).waitOut(refusal(503, 900));
  assert.ok(performance.now() - startedMs >= 890);
  assert.equal(told.length, 1);
});

test('a wait ends when nobody waits any more, with the reason for that', async () => {
  const reason = new Error('left');
  const controller = new AbortController();
  const waiting = createPatience({ signal: controller.signal }).waitOut(refusal(503, 60_000));
  controller.abort(reason);
  await assert.rejects(waiting, (error) => error === reason);
});
