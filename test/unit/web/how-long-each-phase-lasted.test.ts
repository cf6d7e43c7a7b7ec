import assert from 'node:assert/strict';
import { test } from 'node:test';
import { spansOf } from '../../../web/state/spans.ts';
import { aClientJob } from '../../support/client-jobs.ts';

test('each phase lasts until the next one, and the last until now', () => {
  const job = aClientJob({ phase: 'running', phaseTimes: { preparing: 0, starting: 100, running: 300 } });
  assert.deepEqual(
    spansOf(job, 1000).map(({ phase, fromMs, toMs }) => [phase, toMs - fromMs]),
    [
      ['preparing', 100],
      ['starting', 200],
      ['running', 700],
    ],
  );
});

test('the last phase of a job that has ended lasts until its end', () => {
  const job = aClientJob({
    status: 'succeeded',
    phase: 'ended',
    phaseTimes: { preparing: 0, deleting: 100 },
    stopTime: 150,
  });
  assert.equal(spansOf(job, 1000).at(-1)?.toMs, 150);
});

test('phases of one moment stand in the order in which jobs go through them', () => {
  const job = aClientJob({ phaseTimes: { starting: 5, preparing: 5 } });
  assert.deepEqual(
    spansOf(job, 10).map(({ phase }) => phase),
    ['preparing', 'starting'],
  );
});

test('a job that tells no times has no time line', () => {
  assert.deepEqual(spansOf(aClientJob(), 1), []);
});
