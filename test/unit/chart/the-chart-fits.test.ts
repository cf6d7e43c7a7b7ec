import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from 'yaml';
import { SETTINGS } from '../../../config/settings.ts';
import { textOf } from '../../support/compose.ts';
import { codeIn, tableRows } from '../../support/markdown.ts';

const CHART = 'deploy/chart';
const SHIPPED = [
  'kubernetes/rbac.yaml',
  'kubernetes/network-policy.yaml',
  'kubernetes/admission-policy.yaml',
  'monitoring/alerts.yaml',
];
const values = parse(textOf(`${CHART}/values.yaml`)) as Readonly<Record<string, unknown>>;
const { version } = JSON.parse(textOf('package.json')) as { readonly version: string };

/** Settings whose name says that they are secret, or lead to something secret. */
const SECRET_NAME = /KEY|CREDENTIALS_FILE|TOKEN|PASSWORD|_URI$|KUBECONFIG/;

/** Paths of all values that a person may change, as `api.replicas`. */
function pathsOf(value: unknown, path: readonly string[] = []): string[] {
  const isMap = typeof value === 'object' && value !== null && !Array.isArray(value);
  const isFree = ['settings', 'resources', 'labels'].includes(path.at(-1) ?? '');
  if (!isMap || isFree || Object.keys(value).length === 0) return [path.join('.')];
  return Object.entries(value).flatMap(([name, inner]) => pathsOf(inner, [...path, name]));
}

for (const file of SHIPPED) {
  test(`the chart, which reads no file beside it, has ${file} as it is shipped`, () => {
    const copy = `${CHART}/files/${file.split('/')[1]}`;
    assert.equal(textOf(copy), textOf(`deploy/${file}`), `cp deploy/${file} ${copy}`);
  });
}

test('the chart and the images that it names have the version of the product', () => {
  const chart = parse(textOf(`${CHART}/Chart.yaml`)) as Record<string, string>;
  assert.deepEqual([chart['version'], chart['appVersion']], [version, version]);
  const { service, transfer } = values['images'] as Record<string, string>;
  for (const image of [service, transfer]) assert.ok(image?.endsWith(`:${version}`), image);
});

test('every setting that is secret is kept out of the plain ones', () => {
  const names = Object.keys(SETTINGS).filter((name) => SECRET_NAME.test(name));
  assert.ok(names.length >= 5);
  for (const name of names) assert.ok(textOf(`${CHART}/templates/checks.yaml`).includes(`"${name}"`), name);
});

test('the schema knows every value, and the document explains each', () => {
  const explained = tableRows('docs/chart.md', '## Values').map(([name]) => codeIn(name));
  const paths = pathsOf(values);
  assert.ok(paths.length > 30);
  assert.deepEqual(explained.slice(1).toSorted(), paths.toSorted());
});
