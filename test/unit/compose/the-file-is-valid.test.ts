import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { readComposeFile, services, textOf } from '../../support/compose.ts';

const REPOSITORY = join(import.meta.dirname, '..', '..', '..');

test('the file is what the Compose specification asks for', () => {
  assert.equal(readComposeFile().name, 'kubernetes-task-runner');
});

test('a misspelt key is a fault', () => {
  const misspelt = textOf('docker-compose.yml').replace('healthcheck:', 'healtcheck:');
  assert.throws(() => readComposeFile(misspelt), /healtcheck/);
});

test('a key that stands twice is a fault', () => {
  assert.throws(() => readComposeFile(`${textOf('docker-compose.yml')}\nname: twice\n`), /unique/);
});

test('every key at the top is known or an extension', () => {
  const known = ['name', 'services', 'networks', 'volumes'];
  const unknown = Object.keys(readComposeFile()).filter((key) => !known.includes(key) && !key.startsWith('x-'));
  assert.deepEqual(unknown, []);
});

test('every volume that a service mounts is declared, and every declared volume is mounted', () => {
  const mounted = services().flatMap(([, { volumes = [] }]) => volumes.map((volume) => volume.split(':')[0] ?? ''));
  const declared = Object.keys(readComposeFile().volumes ?? {});
  assert.deepEqual([...new Set(mounted)].sort(), declared.sort());
});

test('every fixed address lies in the subnet', () => {
  const subnet = readComposeFile().networks?.['default']?.ipam.config[0]?.subnet ?? '';
  const prefix = subnet.replace(/0\/24$/, '');
  const addresses = services().flatMap(([, { networks = {} }]) => Object.values(networks));
  assert.ok(addresses.length > 0);
  for (const { ipv4_address } of addresses) assert.ok(ipv4_address.startsWith(prefix), ipv4_address);
});

test('Compose 2, where it is installed, takes the file with the sample as its environment', () => {
  // Version 1, which some distributions still have, knows no `name`.
  if (spawnSync('docker', ['compose', 'version']).status !== 0) return;
  const folder = mkdtempSync(join(tmpdir(), 'compose-'));
  try {
    copyFileSync(join(REPOSITORY, 'docker-compose.yml'), join(folder, 'docker-compose.yml'));
    copyFileSync(join(REPOSITORY, '.env.sample'), join(folder, '.env'));
    const { status, stderr } = spawnSync('docker', ['compose', 'config', '--quiet'], { cwd: folder, encoding: 'utf8' });
    assert.equal(status, 0, stderr);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
