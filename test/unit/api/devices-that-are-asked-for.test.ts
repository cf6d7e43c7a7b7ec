import assert from 'node:assert/strict';
import { test } from 'node:test';
import { resourcesSchema } from '../../../api/schemas/parameters.ts';

/** @returns faults, each by its place */
function faultsOf(resources: object): string[] {
  const { error } = resourcesSchema.safeParse(resources);
  return (error?.issues ?? []).map(({ path, message }) => `${path.join(' ')}: ${message}`);
}

const GPU = 'nvidia.com/gpu';

test('a request of devices without their limit, which Kubernetes does not take, is refused', () => {
  assert.deepEqual(faultsOf({ requests: { [GPU]: 1 } }), [
    `requests ${GPU}: Must be equal to its limit, which is missing`,
  ]);
});

test('a request of devices other than their limit is refused', () => {
  assert.deepEqual(faultsOf({ requests: { [GPU]: 1 }, limits: { [GPU]: 2 } }), [
    `requests ${GPU}: Must be equal to its limit of 2`,
  ]);
});

test('the same holds for huge pages', () => {
  assert.deepEqual(faultsOf({ requests: { 'hugepages-2Mi': '4Mi' } }), [
    'requests hugepages-2Mi: Must be equal to its limit, which is missing',
  ]);
});

test('a limit alone, and a request of the same amount, are taken', () => {
  assert.deepEqual(faultsOf({ limits: { [GPU]: 1 } }), []);
  assert.deepEqual(faultsOf({ limits: { 'hugepages-2Mi': '4Mi' }, requests: { 'hugepages-2Mi': '4096Ki' } }), []);
  assert.deepEqual(faultsOf({ requests: { cpu: '1' } }), []);
});
