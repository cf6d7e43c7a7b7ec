import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parsePrefer, waitOf } from '../../../api/prefer.ts';

const wait = (header: string) => waitOf(parsePrefer(header), 20_000);

describe('the Prefer header', () => {
  const waits: Record<string, number> = {
    '': 20_000,
    'respond-async': 0,
    'Respond-Async': 0,
    'wait=5': 5_000,
    'wait = "5"': 5_000,
    'respond-async, wait=3': 3_000,
    'return=minimal; x=y, wait=7; z': 7_000,
    'wait=0': 0,
    'wait=999999': 60_000,
    'wait=1, wait=2': 1_000,
    'wait=-1': 20_000,
    'wait=soon': 20_000,
    'wait=': 20_000,
    'handling=lenient': 20_000,
  };
  for (const [header, expectedMs] of Object.entries(waits)) {
    test(`means ${expectedMs} ms when it says ${JSON.stringify(header)}`, () => {
      assert.equal(wait(header), expectedMs);
    });
  }
});
