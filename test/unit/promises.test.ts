import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, test } from 'node:test';
import { createQueues, onceSucceeded, within } from '../../promises.ts';

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

describe('within', () => {
  test('is what the work comes to, or its failure', async () => {
    assert.equal(await within(60_000, Promise.resolve('done')), 'done');
    await assert.rejects(within(60_000, Promise.reject(new Error('failed'))), /^Error: failed$/);
  });

  test('fails when the work takes longer, as it is told to, and hears no more of it', async () => {
    const work = Promise.withResolvers<void>();
    await assert.rejects(within(5, work.promise), /not within 5 ms/);
    await assert.rejects(
      within(5, work.promise, (limitMs) => new RangeError(`late by ${limitMs}`)),
      { name: 'RangeError', message: 'late by 5' },
    );
    work.reject(new Error('too late for anybody'));
    await delay(5);
  });
});
