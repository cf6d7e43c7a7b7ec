import assert from 'node:assert/strict';
import { test } from 'node:test';
import { reproducible, withoutTools } from '../../../deploy/images/sbom.ts';

const component = { name: 'app', version: '1', purl: 'pkg:npm/product@1' };

function made(serialNumber: string, timestamp: string) {
  return { serialNumber, metadata: { timestamp, component, tools: ['npm'] }, components: [{ name: 'koa' }] };
}

test('the list of what we are made of is the same whenever and wherever it is made', () => {
  const [one, other] = [made('urn:1', '2026-01-01'), made('urn:2', '2027-02-02')];
  assert.deepEqual(reproducible(one, 'product'), reproducible(other, 'product'));
});

test('nothing else of it is changed', () => {
  assert.deepEqual(reproducible(made('urn:1', '2026-01-01'), 'product'), {
    metadata: { component: { ...component, name: 'product' }, tools: ['npm'] },
    components: [{ name: 'koa' }],
  });
});

test('what tools and the service have in common is listed, and tools are not', () => {
  const lock = {
    name: 'product',
    packages: {
      '': { dependencies: { koa: '1' }, devDependencies: { eslint: '1' } },
      'node_modules/koa': {},
      'node_modules/eslint': { dev: true },
    },
  };
  assert.deepEqual(withoutTools(lock).packages, { '': { dependencies: { koa: '1' } }, 'node_modules/koa': {} });
});
