import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, globSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { TRANSFER_IMAGE_CONFIG, TRANSFER_NODE_FLAGS } from '../../../deploy/images/transfer/image.ts';
import { services, textOf } from '../../support/compose.ts';
import { copiedFiles, entrypointOf, stage } from '../../support/dockerfile.ts';

const REPOSITORY = join(import.meta.dirname, '..', '..', '..');

test('every target that is built stands in the Dockerfile', () => {
  for (const [name, { build }] of services()) if (build) assert.notEqual(stage(build.target), '', name);
});

test('everything that is copied exists, and is sent to the builder', () => {
  const sent = [...textOf('.dockerignore').matchAll(/^!(.+)$/gm)].map(([, path]) => path ?? '');
  const copied = copiedFiles(textOf('deploy/Dockerfile'));
  assert.ok(copied.length > 0);
  for (const path of copied) {
    assert.ok(existsSync(join(REPOSITORY, path)), path);
    assert.ok(sent.includes(path.split('/')[0] ?? ''), path);
  }
});

test('the service image holds every file of ours that its programs import', () => {
  const copied = copiedFiles(stage('service-files'));
  const sources = copied.flatMap((path) =>
    /\.(?:ts|json)$/.test(path) ? [path] : globSync(`${path}/**/*.ts`, { cwd: REPOSITORY }),
  );
  for (const source of sources.filter((path) => !path.endsWith('pack-transfer.ts'))) {
    for (const [, imported = ''] of textOf(source).matchAll(/^import (?!type).*?from '(\.[^']+)'/gms)) {
      assert.ok(sources.includes(join(source, '..', imported)), `${source} imports ${imported}`);
    }
  }
});

test('the packed transfer image runs as the built one does', () => {
  const text = stage('transfer');
  assert.deepEqual(entrypointOf(text), TRANSFER_IMAGE_CONFIG.Entrypoint);
  assert.equal(/^USER (.+)$/m.exec(text)?.[1], TRANSFER_IMAGE_CONFIG.User);
  assert.equal(/^WORKDIR (.+)$/m.exec(text)?.[1], TRANSFER_IMAGE_CONFIG.WorkingDir);
  assert.deepEqual(/^ENV (.+)$/m.exec(text)?.[1]?.split(' '), TRANSFER_IMAGE_CONFIG.Env);
});

test('the transfer ends whatever its compilers do: it has none beside its main thread', () => {
  const flags = ['--single-threaded-gc', '--no-concurrent-recompilation', '--no-concurrent-sparkplug'];
  for (const flag of flags) assert.ok((TRANSFER_NODE_FLAGS as readonly string[]).includes(flag), flag);
});

test('the transfer starts with the modules of Node as they are compiled already', () => {
  const tagWith = (flags: readonly string[]) =>
    execFileSync(process.execPath, [...flags, '--print', "require('node:v8').cachedDataVersionTag()"], {
      encoding: 'utf8',
    });
  assert.equal(tagWith(TRANSFER_NODE_FLAGS), tagWith([]));
});

test('the image, Compose and npm start the two processes in one way', () => {
  const { scripts } = JSON.parse(textOf('package.json')) as { scripts: Record<string, string> };
  assert.deepEqual(entrypointOf(stage('service')), ['/app/deploy/start.sh']);
  const composed = new Map(services());
  for (const name of ['api', 'worker'] as const) {
    assert.equal(scripts[`start:${name}`], `deploy/start.sh ${name}`);
    assert.deepEqual(composed.get(name)?.command, [name]);
    assert.equal(composed.get(name)?.entrypoint, undefined);
  }
});

test('neither image runs as root', () => {
  assert.match(stage('service'), /^USER 1000:1000$/m);
  assert.match(stage('transfer'), /^USER 65532:65532$/m);
});

test('the images run the Node that the tests run', () => {
  const { devDependencies } = JSON.parse(textOf('package.json')) as { devDependencies: Record<string, string> };
  assert.equal(/^ARG NODE_IMAGE=node:([\d.]+)/m.exec(textOf('deploy/Dockerfile'))?.[1], devDependencies['node']);
});

test('the health check tells the worker from an API that is told where the workers are', () => {
  const [, word = ''] = /includes\('([^']+)'\)/.exec(stage('service')) ?? [];
  const commands = textOf('deploy/start.sh').match(/^ *exec node .*$/gm) ?? [];
  const told = commands.map((command) => command.replace('"$@"', '--worker-url http://workers:4899').includes(word));
  assert.deepEqual(told, [false, true]);
});
