import assert from 'node:assert/strict';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { run } from '../../deploy/local/command.ts';
import { exists } from '../../deploy/local/files.ts';
import { aptInstall } from '../../deploy/local/packages.ts';
import { required } from '../support/environment.ts';
import { freePort } from '../support/free-port.ts';
import { aName } from '../support/job-client.ts';
import { endOf, ktr, KTR, startOnTerminal } from '../support/ktr.ts';
import { createTestFolder } from '../support/trees.ts';
import { untilSaid } from '../support/wait-for-text.ts';

const BASH_COMPLETION = '/usr/share/bash-completion/bash_completion';

/** A bash that completes, on a terminal of its own. */
async function startBash(cwd: string): Promise<ChildProcessWithoutNullStreams> {
  if (!(await exists(BASH_COMPLETION))) await aptInstall(['bash-completion'], '/dev/null');
  const { stdout } = await ktr(['completion', 'bash']);
  await writeFile(join(cwd, 'completion.sh'), stdout);
  const command = `ktr() { '${process.execPath}' '${KTR}' "$@"; }`;
  await writeFile(join(cwd, 'rc'), `${command}; source ${BASH_COMPLETION}; source ./completion.sh; PS1='ready> '`);
  return startOnTerminal(['bash', '--noprofile', '--rcfile', './rc', '-i'], { cwd, env: process.env });
}

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

test('names of jobs are found among all, and not among the newest alone', async (context) => {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.writeHead(503).end();
  });
  context.after(() => server.close());
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  await ktr(['complete', '--', 'kill', 'other', 'words-'], { env: { KTR_SERVER: `http://127.0.0.1:${port}` } });
  assert.deepEqual(
    asked.map((url) => new URLSearchParams(url.split('?')[1]).get('name_prefix')),
    ['words-'],
  );
});

const LINES = {
  'ktr run --input ./par': 'ktr run --input ./parcel/',
  'ktr download some-job par': 'ktr download some-job parcel/',
  'ktr ls --status created,ru': 'ktr ls --status created,running',
};

for (const [words, whole] of Object.entries(LINES))
  test(`bash makes "${whole}" of "${words}" and Tab`, async () => {
    using place = createTestFolder();
    await mkdir(join(place.path, 'parcel'));
    const bash = await startBash(place.path);
    await untilSaid(bash.stdout, /ready> /);
    // Tab, then to the begin of the line, where a word before it makes a text of the rest.
    bash.stdin.write(`${words}\t\u0001echo '[\u0005]'\n`);
    const [shown] = /^\[.*\]/m.exec(await untilSaid(bash.stdout, /^\[.*\]/m)) ?? [];
    assert.equal(shown?.replace(' ]', ']'), `[${whole}]`);
    bash.stdin.write('exit\n');
    await endOf(bash);
  });

test('statuses are completed, one after the other', async () => {
  assert.ok((await completed('ls', '--status', '')).includes('running'));
  assert.deepEqual(await completed('ls', '--status', 'created,ru'), ['created,running', ':4', '']);
  assert.deepEqual(await completed('ls', '-s', 'created,cr'), [':4', '']);
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
