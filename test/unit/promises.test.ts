import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, test } from 'node:test';
import { createQueues, onceSucceeded } from '../../promises.ts';

describe('a deed that must succeed once', () => {
  test('runs again after a failure, and never after a success', async () => {
    let runs = 0;
    const deed = onceSucceeded(() => (++runs < 3 ? Promise.reject(new Error('not yet')) : Promise.resolve(runs)));
    await Promise.all([1, 2].map(() => assert.rejects(deed(), /not yet/)));
    await assert.rejects(deed(), /not yet/);
    assert.deepEqual(await Promise.all([deed(), deed()]), [3, 3]);
    assert.equal(await deed(), 3);
  });
});

describe('queues', () => {
  test('keep the order within a key, after failures too, and let other keys pass', async () => {
    const inTurn = createQueues();
    const log: string[] = [];
    const deed =
      (name: string, ms: number, fails = false) =>
      async () => {
        await delay(ms);
        log.push(name);
        if (fails) throw new Error(name);
      };
    const slow = inTurn('a', deed('a1', 50, true)).catch(() => log.push('a1 failed'));
    const others = [inTurn('a', deed('a2', 20)), inTurn('b', deed('b1', 1)), inTurn('a', deed('a3', 1))];
    await Promise.all([slow, ...others]);
    assert.deepEqual(log, ['b1', 'a1', 'a1 failed', 'a2', 'a3']);
  });
});
