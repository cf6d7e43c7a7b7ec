import assert from 'node:assert/strict';
import { test } from 'node:test';
import { services, textOf } from '../../support/compose.ts';
import { renderComposeFile } from '../../support/docker/composed.ts';

const differences = {
  network: '172.30.55',
  bridge: 'bridge-of-the-test',
  images: { mongodb: 'here:1' },
  transferImage: 'transfer:test',
  cluster: { folder: '/cluster-of-the-test', url: 'https://10.0.0.1:6443' },
};

type Rendered = Record<string, Record<string, unknown>>;

function rendered(): Rendered {
  const text = renderComposeFile(textOf('docker-compose.yml'), differences);
  return (JSON.parse(text) as { services: Rendered }).services;
}

test('of the API and the worker a test changes nothing but its addresses and the name of the transfer image', () => {
  const asFile = Object.fromEntries(services());
  for (const name of ['api', 'worker']) {
    const moved = JSON.stringify(asFile[name])
      .replaceAll('172.30.49.', '172.30.55.')
      .replaceAll('kubernetes-task-runner/transfer:0.1.0', 'transfer:test');
    assert.deepEqual(rendered()[name], JSON.parse(moved));
  }
});

test('what stands in for k3s is not privileged', () => {
  assert.equal(rendered()['k3s']?.['privileged'], undefined);
});

test('ports that a stack of this machine may have are left to Docker', () => {
  for (const port of rendered()['temporal']?.['ports'] as string[]) assert.match(port, /^127\.0\.0\.1::\d+$/);
});
