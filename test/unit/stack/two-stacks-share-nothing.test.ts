import assert from 'node:assert/strict';
import { test } from 'node:test';
import { localProfile, scaleProfile, TEST_SLOTS, testProfile } from '../../../deploy/local/profile.ts';
import type { Profile } from '../../../deploy/local/profile.ts';

const local = localProfile('/checkout');
const tests = testProfile('/checkout');

/** Everything of a profile that the whole machine shares. */
function claimsOf({ ports, bridge, cgroupRoot, runFolder, stateFolder, nodeName }: Profile): unknown[] {
  const used: Readonly<Record<string, number>> = { ...ports };
  const { name, address, subnet } = bridge;
  return [...Object.values(used), name, address, subnet, cgroupRoot, runFolder, stateFolder, nodeName];
}

test('the stacks of the tests, of a person and of the benchmark of many jobs claim nothing twice', () => {
  const claims = [local, tests, scaleProfile('/checkout')].flatMap(claimsOf);
  assert.equal(new Set(claims).size, claims.length);
});

test('tests of several checkouts can run at once, each in a slot of its own', () => {
  const slots = Array.from({ length: TEST_SLOTS }, (_, slot) => [
    testProfile(`/checkout-${slot}`, slot),
    scaleProfile(`/checkout-${slot}`, slot),
  ]);
  const claims = [local, ...slots.flat()]
    .map((profile) => ({ ...profile, nodeName: `${profile.repository} ${profile.name}` }))
    .flatMap(claimsOf);
  assert.equal(new Set(claims).size, claims.length);
});

test('two checkouts never share a bridge, a cgroup or a folder', () => {
  const other = localProfile('/other-checkout');
  for (const key of ['cgroupRoot', 'runFolder', 'stateFolder'] as const) assert.notEqual(local[key], other[key]);
  assert.notEqual(local.bridge.name, other.bridge.name);
});

test('a checkout keeps its names from one run to the next', () => {
  assert.deepEqual(localProfile('/checkout'), local);
});

test('the name of a bridge is one that the kernel takes', () => {
  for (const { bridge } of [local, tests]) assert.ok(bridge.name.length <= 15);
});

test('people find the API and the Web UI where the manual says', () => {
  assert.equal(local.ports.api, 4898);
  assert.equal(local.ports.temporal, 7233);
  assert.equal(local.ports.temporalUi, 8233);
});
