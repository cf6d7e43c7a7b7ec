import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApiException } from '@kubernetes/client-node';
import { interruptionOf, nextBackoffMs, WATCH_LIMITS } from '../../../cluster/watch.ts';
import { SilenceError, WatchError } from '../../../cluster/watch-stream.ts';

const { firstBackoffMs, lastBackoffMs, steadyMs } = WATCH_LIMITS;

/** What is waited after each of some streams that lived for so long. */
function waits(...livedMs: readonly number[]): number[] {
  let beforeMs = 0;
  return livedMs.map((ms) => (beforeMs = nextBackoffMs(beforeMs, ms, WATCH_LIMITS)));
}

test('a stream that has lived long is followed by the next one almost at once', () => {
  assert.deepEqual(waits(steadyMs, 30 * 60_000, steadyMs), [firstBackoffMs, firstBackoffMs, firstBackoffMs]);
});

test('streams that end at once are opened ever more seldom, up to a limit', () => {
  const all = waits(...Array<number>(12).fill(0));
  assert.deepEqual(all.slice(0, 3), [firstBackoffMs, 2 * firstBackoffMs, 4 * firstBackoffMs]);
  assert.equal(all.at(-1), lastBackoffMs);
});

test('one stream that lives long makes up for those that did not', () => {
  assert.deepEqual(waits(0, 0, 0, steadyMs, 0).slice(3), [firstBackoffMs, 2 * firstBackoffMs]);
});

for (const [error, reason] of [
  [new ApiException(410, 'Gone', '', {}), 'gone'],
  [new WatchError(410, 'too old resource version'), 'gone'],
  [new WatchError(500, 'etcd is away'), 'refused'],
  [new ApiException(503, 'Unavailable', '', {}), 'refused'],
  [new SilenceError(1), 'silent'],
  [new TypeError('terminated'), 'lost'],
] as const) {
  test(`an interruption by ${error.name} (${'code' in error ? error.code : 'no code'}) is called ${reason}`, () => {
    assert.equal(interruptionOf(error), reason);
  });
}
