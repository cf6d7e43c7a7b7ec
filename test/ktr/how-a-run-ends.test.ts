import assert from 'node:assert/strict';
import { test } from 'node:test';
import { required } from '../support/environment.ts';
import { freePort } from '../support/free-port.ts';
import { aName } from '../support/job-client.ts';
import { ktr } from '../support/ktr.ts';

const IMAGE = required('IMAGE_BUSYBOX');

test('`ktr run` ends with the exit code of the task, and says why it failed', async () => {
  const { code, stdout, stderr } = await ktr(['run', '--image', IMAGE, '--', 'sh', '-c', 'echo no >&2; exit 7']);
  assert.deepEqual([code, stdout], [7, 'no\n'], stderr);
  assert.match(stderr, /failed: UserError \(exit code 7\)/);
});

test('a task that runs out of time ends `ktr run` with 124', async () => {
  const { code, stderr } = await ktr([
    'run',
    '--image',
    IMAGE,
    '--timeout',
    '2s',
    '--grace',
    '1s',
    '--',
    'sleep',
    '600',
  ]);
  assert.equal(code, 124, stderr);
  assert.match(stderr, /RunTimeout/);
});

test('an image that there is not ends `ktr run` with 126, and with advice', async () => {
  const { code, stderr } = await ktr([
    'run',
    '--image',
    'localhost:1/none:none',
    '--pull',
    'IfNotPresent',
    '--start-timeout',
    '20s',
  ]);
  assert.equal(code, 126, stderr);
  assert.match(stderr, /failed: \w+\n {2}\S/);
});

test('what the service refuses ends with 125, field by field', async () => {
  const { code, stderr } = await ktr(['run', '--image', IMAGE, '--name', 'Not A Name', '--cpu', 'much']);
  assert.equal(code, 125);
  assert.match(stderr, /^ {2}name: \S/m);
  assert.match(stderr, /job_parameters\.resources\.limits\.cpu: \S/);
});

test('a service that is not there ends with 125, and the ways to name another one', async () => {
  const url = `http://127.0.0.1:${await freePort()}`;
  const { code, stderr } = await ktr(['ls', '--server', url]);
  assert.equal(code, 125);
  assert.match(stderr, new RegExp(`no answer from ${url}: .*ECONNREFUSED.*\n.*KTR_SERVER`));
});

for (const [what, args, sentence] of [
  ['a command that there is not', ['rnu'], /unknown command 'rnu'\n\(Did you mean run\?\)/],
  ['an option that there is not', ['ls', '--all'], /unknown option '--all'/],
  ['an input that there is not', ['submit', '--image', 'a', '--input', 'nowhere'], /There is no input at nowhere/],
  ['a duration that is none', ['submit', '--image', 'a', '--timeout', 'soon'], /--timeout must be a duration/],
] as const) {
  test(`${what} ends with 125, and a sentence`, async () => {
    const { code, stderr } = await ktr(args);
    assert.equal(code, 125);
    assert.match(stderr, sentence);
  });
}

test('nothing is coloured and no bar is drawn where nobody looks', async () => {
  const name = aName('plain');
  const { stderr } = await ktr(['run', '--image', IMAGE, '--name', name, '--input', import.meta.dirname, '--', 'true']);
  assert.ok(!stderr.includes('\u001B'), JSON.stringify(stderr));
  assert.match(stderr, /^Sending \d.*B$/m);
});
