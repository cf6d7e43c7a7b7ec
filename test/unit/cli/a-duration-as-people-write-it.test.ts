import assert from 'node:assert/strict';
import { test } from 'node:test';
import { secondsOf } from '../../../cli/job/durations.ts';

const DURATIONS: Readonly<Record<string, number>> = { '90': 90, '90s': 90, '15m': 900, '1h30m': 5400, '2d': 172_800 };

for (const [text, seconds] of Object.entries(DURATIONS)) {
  test(`${text} is ${seconds} seconds`, () => {
    assert.equal(secondsOf(text, '--timeout'), seconds);
  });
}

for (const text of ['', '0', '-5', 'soon', '0.2s']) {
  test(`${JSON.stringify(text)} is no duration`, () => {
    assert.throws(() => secondsOf(text, '--timeout'), { name: 'UsageError', message: /--timeout must be a duration/ });
  });
}
