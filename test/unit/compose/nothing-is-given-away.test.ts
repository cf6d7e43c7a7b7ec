import assert from 'node:assert/strict';
import { test } from 'node:test';
import { services, textOf } from '../../support/compose.ts';

/** Names whose value is secret, when it is no path and no variable. */
const SECRET_NAME = /password|passwd|secret|token|api_key|private|credential/i;

/** What looks like a key or a password wherever it stands. */
const SECRET_TEXT = /-----BEGIN|AKIA[0-9A-Z]{16}|AIza[\w-]{35}|ya29\.|eyJ[\w-]{10,}\.|:\/\/[^\s/:@]+:[^\s/@$]+@/;

function literalSecrets(environment: Readonly<Record<string, string | number | boolean | null>>): readonly string[] {
  return Object.entries(environment)
    .filter(([name, value]) => SECRET_NAME.test(name) && !/^(\/|\$\{)|^$/.test(String(value ?? '')))
    .map(([name]) => name);
}

test('no service has a literal secret in its environment', () => {
  for (const [name, { environment = {} }] of services()) assert.deepEqual(literalSecrets(environment), [], name);
});

test('a literal secret would be seen, a path to one would not', () => {
  const environment = { DB_PASSWORD: 'hunter2', KEY_SECRET: '${SECRET}', GC_CREDENTIALS_FILE_PATH: '/access/key.json' };
  assert.deepEqual(literalSecrets(environment), ['DB_PASSWORD']);
});

for (const file of ['docker-compose.yml', '.env.sample', 'deploy/Dockerfile']) {
  test(`nothing in ${file} looks like a key or a password`, () => {
    assert.doesNotMatch(textOf(file), SECRET_TEXT);
  });
}

test('a key and a password in an address would be seen', () => {
  for (const text of ['-----BEGIN PRIVATE KEY-----', 'mongodb://user:word@host']) assert.match(text, SECRET_TEXT);
});

test('every published port is open to this machine alone', () => {
  const ports = services().flatMap(([, { ports = [] }]) => ports);
  assert.ok(ports.length > 0);
  for (const port of ports) assert.match(port, /^127\.0\.0\.1:/);
});

test('the emulator of the bucket, which answers every web page, has no port on this machine', () => {
  assert.equal(Object.fromEntries(services())['bucket']?.ports, undefined);
});

test('only the cluster is privileged', () => {
  const privileged = services().filter(([, service]) => service.privileged === true);
  assert.deepEqual(
    privileged.map(([name]) => name),
    ['k3s'],
  );
});

test('what is ours has no capability, and writes nowhere but to its volumes and to memory', () => {
  const ours = services().filter(([, { image }]) => image.startsWith('kubernetes-task-runner/'));
  assert.ok(ours.length > 0);
  for (const [name, service] of ours) {
    assert.deepEqual([service.cap_drop, service.read_only], [['ALL'], true], name);
    assert.deepEqual(service.security_opt, ['no-new-privileges:true'], name);
  }
});
