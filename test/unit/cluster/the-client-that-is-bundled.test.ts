import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { textOf } from '../../support/compose.ts';

const REPOSITORY = join(import.meta.dirname, '..', '..', '..');

/** What a program says that runs with `args` before it. */
async function outputOf(args: readonly string[], program: string): Promise<string> {
  const all = ['--no-warnings', ...args, '--input-type=module', '--eval', program];
  return (await promisify(execFile)(process.execPath, all, { cwd: REPOSITORY })).stdout.trim();
}

/** The client as it is loaded from a module of ours. */
const NAMES = `const client = await import(import.meta.resolve('#kubernetes-client', 'file://${REPOSITORY}/cluster/client.ts'));
  console.log(Object.keys(client).join());`;

test('the API and the worker are started with the client in one file', () => {
  const starts = textOf('deploy/start.sh').match(/exec node .*/g) ?? [];
  assert.equal(starts.length, 2);
  for (const start of starts) assert.ok(start.includes(' --conditions=bundled '), start);
});

test('the file has all that is used of the client: if it has not, it was made by `npm run build` before', async () => {
  const whole = await outputOf([], NAMES);
  assert.match(whole, /KubeConfig/);
  assert.equal(await outputOf(['--conditions=bundled'], NAMES), whole);
});

test('an object that goes through the client in one file keeps what it holds', async () => {
  const program = `const { KubeConfig, CoreV1Api } = await import('#kubernetes-client');
    const kubeConfig = new KubeConfig();
    kubeConfig.loadFromClusterAndUser({ name: 'c', server: 'https://127.0.0.1:1', skipTLSVerify: true }, { name: 'u', token: 't' });
    const api = kubeConfig.makeApiClient(CoreV1Api);
    let sent = '';
    const middleware = [{ pre: (context) => { sent = context.getBody(); throw new Error('enough'); }, post: () => {} }];
    const body = { metadata: { name: 'one', labels: { a: 'b' } }, stringData: { key: 'value' } };
    await api.createNamespacedSecret({ namespace: 'here', body }, { middleware, middlewareMergeStrategy: 'append' }).catch(() => {});
    console.log(sent);`;
  const [whole, bundled] = await Promise.all([[], ['--conditions=bundled']].map((args) => outputOf(args, program)));
  assert.match(whole ?? '', /"stringData":\{"key":"value"\}/);
  assert.equal(bundled, whole);
});
