import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createTestFolder } from '../support/trees.ts';
import { forShare } from './budget.ts';
import { mutated, mutation } from './mutations.ts';
import { boundedMemory, unpackAnything } from './unpacking.ts';
import { zipsToBeginWith } from './valid-zips.ts';

test('zips that were changed are refused or unpacked, and nothing else', async () => {
  using place = createTestFolder();
  using _memory = boundedMemory();
  const zips = await zipsToBeginWith();
  const counts = { unpacked: 0, refused: 0 };
  const changed = fc.tuple(fc.nat(zips.length - 1), fc.array(mutation, { maxLength: 4 }));
  const property = fc.asyncProperty(changed, async ([first, changes]) => {
    const zip = changes.reduce((so, change) => mutated(so, change, zips), zips[first] ?? Buffer.alloc(0));
    counts[(await unpackAnything(place.path, zip)) ? 'unpacked' : 'refused'] += 1;
  });
  await fc.assert(property, forShare(0.6));
  process.stdout.write(`${counts.unpacked} zips unpacked, ${counts.refused} refused\n`);
  // Changes that spoil everything, or nothing, would try nothing.
  assert.ok(counts.unpacked > 10 && counts.refused > 10, JSON.stringify(counts));
});
