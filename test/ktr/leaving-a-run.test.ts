import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
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

test('the log waits while a person is asked, and comes whole when he goes on looking', async () => {
  const name = aName('looked-on');
  const child = startKtrOnTerminal([
    ...argsOf(name).slice(0, -1),
    'for i in $(seq 40); do echo line $i.; sleep 0.1; done',
  ]);
  const ended = endOf(child);
  await untilSaid(child.stdout, /line 3\./);
  child.stdin.write(CTRL_C);
  await untilSaid(child.stdout, /go on looking/);
  const meanwhile: Buffer[] = [];
  const listen = (bytes: Buffer) => void meanwhile.push(bytes);
  child.stdout.on('data', listen);
  await setTimeout(1_000);
  child.stdout.off('data', listen);
  assert.doesNotMatch(Buffer.concat(meanwhile).toString(), /line \d/);
  child.stdin.write(`${DOWN}${DOWN}\r`);
  const run = await ended;
  assert.equal(run.code, 0, tellOf(run));
  const lines = [...run.stdout.matchAll(/line (\d+)\./g)].map(([, number]) => Number(number));
  assert.deepEqual(
    lines,
    Array.from({ length: 40 }, (_, index) => index + 1),
  );
});

test('the question is taken back when the job ends', async () => {
  const name = aName('over');
  const child = startKtrOnTerminal([...argsOf(name).slice(0, -1), 'echo begun; sleep 4']);
  const ended = endOf(child);
  await untilSaid(child.stdout, /begun/);
  child.stdin.write(CTRL_C);
  await untilSaid(child.stdout, /go on looking/);
  const run = await ended;
  assert.equal(run.code, 0, tellOf(run));
  assert.match(run.stdout, new RegExp(`${name} succeeded`));
});

test('a run that has lasted for a while hears Ctrl-C still', async () => {
  const name = aName('lasting');
  const child = startKtr(argsOf(name));
  const ended = endOf(child);
  await untilSaid(child.stdout, /begun/);
  await setTimeout(8_000);
  child.kill('SIGINT');
  assert.equal((await ended).code, 130);
  await call('DELETE', `/batch/${name}`);
});

test('a person sees a bar while files are sent', async () => {
  const child = startKtrOnTerminal(['run', '--image', IMAGE, '--input', import.meta.dirname, '--', 'true']);
  const run = await endOf(child);
  assert.equal(run.code, 0, tellOf(run));
  assert.match(run.stdout, /Sending [^\n]*100%/);
});
