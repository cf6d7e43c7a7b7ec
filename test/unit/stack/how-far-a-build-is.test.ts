import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compiledSoFar } from '../../../deploy/local/compile.ts';

test('a build tells how much is compiled, and how long the rest will take at that pace', () => {
  assert.equal(compiledSoFar(1000, 3000, 120_000), '1000 of 3000 packages, about 4 min left');
});

test('a build that has hardly begun promises nothing', () => {
  assert.equal(compiledSoFar(10, 3000, 20_000), '10 of 3000 packages');
});

test('a build that links, or that compiled more than was counted, is nearly done', () => {
  assert.equal(compiledSoFar(3001, 3000, 500_000), '3001 of 3000 packages, about 0.5 min left');
});
