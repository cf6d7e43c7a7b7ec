import assert from 'node:assert/strict';
import { test } from 'node:test';
import { required } from '../support/environment.ts';
import { aName, call, untilEnded } from '../support/job-client.ts';
import { endOf, startKtr, startKtrOnTerminal, tellOf } from '../support/ktr.ts';
import { untilSaid } from '../support/wait-for-text.ts';

const IMAGE = required('IMAGE_BUSYBOX');
const DOWN = '\u001B[B';
const CTRL_C = '\u0003';

/** A run of a job that goes on for long, as soon as its task has said something. */
const argsOf = (name: string) => [
  'run',
  '--image',
  IMAGE,
  '--name',
  name,
  '--grace',
  '1s',
  '--',
  'sh',
  '-c',
  'echo begun; sleep 600',
];

test('a script that is interrupted leaves the job to itself, and ends with 130', async () => {
  const name = aName('left');
  const child = startKtr(argsOf(name));
  const ended = endOf(child);
  await untilSaid(child.stdout, /begun/);
  child.kill('SIGINT');
  const run = await ended;
  assert.equal(run.code, 130, tellOf(run));
  assert.match(run.stderr, new RegExp(`${name} goes on; .ktr wait ${name}. .*ktr kill ${name}`));
  assert.equal((await call('GET', `/batch/${name}`)).body.data.status, 'running');
  await call('DELETE', `/batch/${name}`);
});

test('a person who presses Ctrl-C is asked, and may leave the job to itself', async () => {
  const name = aName('asked');
  const child = startKtrOnTerminal(argsOf(name));
  const ended = endOf(child);
  await untilSaid(child.stdout, /begun/);
  child.stdin.write(CTRL_C);
  await untilSaid(child.stdout, /leave it running/);
  child.stdin.write('\r');
  const run = await ended;
  assert.equal(run.code, 130, tellOf(run));
  assert.equal((await call('GET', `/batch/${name}`)).body.data.status, 'running');
  await call('DELETE', `/batch/${name}`);
});

test('a person who presses Ctrl-C may kill the job, and sees its end', async () => {
  const name = aName('killed');
  const child = startKtrOnTerminal(argsOf(name));
  const ended = endOf(child);
  await untilSaid(child.stdout, /begun/);
  child.stdin.write(CTRL_C);
  await untilSaid(child.stdout, /kill it/);
  child.stdin.write(`${DOWN}\r`);
  const run = await ended;
  assert.equal(run.code, 137, tellOf(run));
  assert.match(run.stdout, new RegExp(`${name} killed`));
  assert.equal((await untilEnded(name)).status, 'killed');
});

test('a person sees a bar while files are sent', async () => {
  const child = startKtrOnTerminal(['run', '--image', IMAGE, '--input', import.meta.dirname, '--', 'true']);
  const run = await endOf(child);
  assert.equal(run.code, 0, tellOf(run));
  assert.match(run.stdout, /Sending [^\n]*100%/);
});
