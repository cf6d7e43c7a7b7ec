import assert from 'node:assert/strict';
import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { PrerequisiteError, requireCompiler, requireMachine } from '../../../deploy/local/prerequisites.ts';
import { testProfile } from '../../../deploy/local/profile.ts';
import { temporaryFolder } from '../../support/temporary-stack.ts';

const machine = { platform: 'linux', architecture: 'x64', isRoot: true };
const profile = testProfile('/checkout');

/** Asserts that `check` is refused by one sentence that holds each of `parts`. */
function assertRefused(check: () => void, ...parts: string[]): void {
  assert.throws(check, (error) => isRefusal(error, parts));
}

function isRefusal(error: unknown, parts: readonly string[]): boolean {
  assert.ok(error instanceof PrerequisiteError);
  assert.match(error.message, /^[^\n]+\.$/);
  for (const part of parts) assert.ok(error.message.includes(part), `${error.message} does not say ${part}`);
  return true;
}

test('a machine that has everything is taken', () => {
  requireMachine(profile, 'embedded cluster', machine);
});

test('another system than Linux is pointed to docker compose', () => {
  const mac = { ...machine, platform: 'darwin', architecture: 'arm64' };
  assertRefused(() => requireMachine(profile, 'embedded cluster', mac), 'Linux', 'darwin', 'docker compose up');
  assertRefused(() => requireMachine(profile, 'own cluster', mac), 'docker compose up');
});

test('somebody who is not root is pointed to sudo, docker compose and a cluster of their own', () => {
  const person = { ...machine, isRoot: false };
  const check = () => requireMachine(profile, 'embedded cluster', person);
  assertRefused(check, 'root', 'sudo', 'docker compose up', 'KUBECONFIG=');
});

test('beside a cluster of their own nobody needs to be root', () => {
  requireMachine(profile, 'own cluster', { ...machine, isRoot: false });
});

test('a checkout whose path is too long for a socket is named', () => {
  const deep = testProfile(`/${'deep/'.repeat(20)}`);
  assertRefused(() => requireMachine(deep, 'embedded cluster', machine), deep.stateFolder, 'shorter');
});

test('a machine without Go is told so, with the way out', async (context) => {
  const empty = await temporaryFolder(context);
  await assert.rejects(requireCompiler(empty), (error) => isRefusal(error, ['Go 1.', 'there is none', 'KUBECONFIG=']));
});

test('an old Go is named', async (context) => {
  const folder = await temporaryFolder(context);
  await writeFile(join(folder, 'go'), '#!/bin/sh\necho go version go1.19.8 linux/amd64\n');
  await chmod(join(folder, 'go'), 0o755);
  await assert.rejects(requireCompiler(folder), (error) => isRefusal(error, ['go1.19.8', 'docker compose up']));
});

test('a machine with Go and without Python is told so', async (context) => {
  const folder = await temporaryFolder(context);
  await writeFile(join(folder, 'go'), '#!/bin/sh\necho go version go1.26.0 linux/amd64\n');
  await chmod(join(folder, 'go'), 0o755);
  await assert.rejects(requireCompiler(folder), (error) => isRefusal(error, ['Python 3', 'apt install python3-pip']));
});
