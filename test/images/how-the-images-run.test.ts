import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { run } from '../../deploy/local/command.ts';
import { startEngine } from '../support/docker/engine.ts';
import type { Engine } from '../support/docker/engine.ts';
import { buildImage } from '../support/docker/images.ts';
import { createScope } from '../support/scope.ts';

/** As little as a container can have: no capability, nothing to write to, no network. */
const CONFINED = ['run', '--rm', '--read-only', '--cap-drop=ALL', '--security-opt=no-new-privileges', '--network=none'];

const scope = createScope();
let engine: Engine;
let service: string;
let transfer: string;

before(async () => {
  engine = await startEngine(scope);
  service = await buildImage(engine, 'service');
  transfer = await buildImage(engine, 'transfer');
});
after(() => scope[Symbol.asyncDispose]());

/** What a line of JavaScript prints in a container of the image. */
async function evaluated(image: string, node: string, script: string): Promise<string> {
  return (await engine.docker([...CONFINED, `--entrypoint=${node}`, image, '--print', script])).trim();
}

test('neither image runs as root, and its user is a number, by which a cluster can see that', async () => {
  assert.equal(await evaluated(service, 'node', '[process.getuid(), process.getgid()].join()'), '1000,1000');
  assert.equal(
    await evaluated(transfer, '/nodejs/bin/node', '[process.getuid(), process.getgid()].join()'),
    '65532,65532',
  );
  for (const image of [service, transfer])
    assert.match(await engine.docker(['inspect', '--format', '{{.Config.User}}', image]), /^\d+:\d+$/m);
});

test('no process of the service can change the code that it runs', async () => {
  const script = `fs.readdirSync('/app', { recursive: true }).filter((path) => { try { fs.accessSync('/app/' + path, 2); return true } catch { return false } }).length`;
  const args = ['run', '--rm', '--cap-drop=ALL', '--network=none', '--entrypoint=node', service, '--print', script];
  assert.equal((await engine.docker(args)).trim(), '0');
});

for (const part of ['api', 'worker']) {
  test(`the ${part} starts with a root file system that is read-only`, async () => {
    assert.match(await engine.docker([...CONFINED, service, part, '--help']), /--temporal-address/);
  });

  test(`the ${part} finds its sources compiled`, async () => {
    const args = [...CONFINED, '--env=NODE_DEBUG_NATIVE=COMPILE_CACHE', service, part, '--help'];
    const { stdout, stderr } = await run(engine.client, args, { env: engine.env });
    const lines = (stdout + stderr).split('\n').filter((line) => line.includes('for StrippedTypeScript'));
    const read = lines.filter((line) => /reading cache from .*success/.test(line));
    assert.ok(read.length > 10, lines.slice(0, 5).join('\n'));
    assert.deepEqual(
      lines.filter((line) => /no transpile cache/.test(line)),
      [],
    );
  });
}

test('the worker has its workflows bundled, as nothing can be written where it bundles them', async () => {
  const script =
    "import('/app/worker/ready-bundle.ts').then(({ readReadyBundle, readyBundlePath }) => readReadyBundle(readyBundlePath(true))).then(({ code }) => console.log(code.length))";
  const told = await engine.docker([...CONFINED, '--entrypoint=node', service, '--eval', script]);
  assert.ok(Number(told) > 100_000, told);
});

test('the transfer finds itself compiled', async () => {
  const args = [...CONFINED, '--env=NODE_DEBUG_NATIVE=COMPILE_CACHE', transfer, '--version'];
  const { stdout, stderr } = await run(engine.client, args, { env: engine.env });
  assert.match(stdout + stderr, /transfer\.js was accepted/);
});

test('the transfer says what is wrong with what it is told, and ends', async () => {
  await assert.rejects(engine.docker([...CONFINED, '--tmpfs=/tmp', transfer]), /transfer/);
});
