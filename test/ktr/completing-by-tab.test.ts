import assert from 'node:assert/strict';
import { test } from 'node:test';
import { required } from '../support/environment.ts';
import { freePort } from '../support/free-port.ts';
import { aName } from '../support/job-client.ts';
import { ktr } from '../support/ktr.ts';
import { run } from '../../deploy/local/command.ts';

/** What is offered for the last of these words. */
async function completed(...words: readonly string[]): Promise<string[]> {
  const { stdout, stderr } = await ktr(['complete', '--', ...words]);
  assert.equal(stderr, '');
  return stdout.split('\n').map((line) => line.split('\t')[0] ?? '');
}

test('commands, options and their choices are completed', async () => {
  assert.ok((await completed('ru')).includes('run'));
  assert.ok((await completed('run', '--im')).includes('--image'));
  assert.deepEqual(
    (await completed('ls', '--output', '')).filter((word) => !word.startsWith(':') && word !== ''),
    ['table', 'wide', 'name', 'json', 'yaml'],
  );
});

test('names of jobs are completed', async () => {
  const name = aName('tab');
  await ktr(['submit', '--image', required('IMAGE_BUSYBOX'), '--name', name, '--', 'true']);
  assert.ok((await completed('get', name.slice(0, -2))).includes(name));
});

test('a service that is not there completes commands still', async () => {
  const KTR_SERVER = `http://127.0.0.1:${await freePort()}`;
  const { code, stdout } = await ktr(['complete', '--', 'get', '--'], { env: { KTR_SERVER } });
  assert.deepEqual([code, /--output/.test(stdout)], [0, true]);
});

test('what bash is given is a script that bash understands', async () => {
  const { stdout } = await ktr(['completion', 'bash']);
  await run('bash', ['-n'], { input: stdout });
  assert.match(stdout, /ktr complete --/);
});
