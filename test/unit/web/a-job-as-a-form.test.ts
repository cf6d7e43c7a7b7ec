import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hiddenIn, requestOf, valuesOf } from '../../../web/state/job-form.ts';
import { aClientJob } from '../../support/client-jobs.ts';

const EMPTY = valuesOf(undefined);

test('an image alone is a request', () => {
  assert.deepEqual(requestOf({ ...EMPTY, image: ' python ' }), { job_parameters: { docker_image: 'python' } });
});

test('a command is taken as a shell takes it', () => {
  const { job_parameters } = requestOf({ ...EMPTY, image: 'a', command: `sh -c 'echo "$A" > b; ls' "x y"` });
  assert.deepEqual((job_parameters as { command: unknown }).command, ['sh', '-c', 'echo "$A" > b; ls', 'x y']);
});

test('what only a shell understands is refused with the way to write it', () => {
  assert.throws(() => requestOf({ ...EMPTY, image: 'a', command: 'a | b' }), /write it as sh -c/);
});

test('a job that was sent is sent the same again', () => {
  const parameters = {
    docker_image: 'python:3.12',
    command: ['python', '-c', "print('a b')"],
    args: ['c'],
    environment_variables: { A: '1', B: 'x=y', C: { secret: 'db/password' } },
    resources: {
      limits: { cpu: '500m', memory: '1Gi', 'nvidia.com/gpu': '1' },
      requests: { cpu: '100m' },
    },
    timeout_seconds: 60,
    labels: { team: 'a' },
    storage: { mode: 'ephemeral' },
  } as const;
  assert.deepEqual(requestOf(valuesOf(aClientJob({ parameters }))), { job_parameters: parameters });
});

test('what is sensitive is not told, and is named so that it can be given again', () => {
  const parameters = { docker_image: 'a', environment_variables: { A: 'a', TOKEN: { sealed: 'AAAA' } } } as const;
  const job = aClientJob({ parameters });
  assert.deepEqual(hiddenIn(job), ['TOKEN']);
  const again = { docker_image: 'a', environment_variables: { A: 'a' } };
  assert.deepEqual(requestOf(valuesOf(job)), { job_parameters: again });
});

test('the input of another job may be taken', () => {
  const job_parameters = { docker_image: 'a', input_from: 'other' };
  assert.deepEqual(requestOf({ ...EMPTY, image: 'a' }, 'other'), { job_parameters });
});

test('what cannot be read is said', () => {
  assert.throws(() => requestOf({ ...EMPTY, image: 'a', environment: 'A' }), /no NAME=VALUE: A/);
  assert.throws(() => requestOf({ ...EMPTY, image: 'a', more: '{' }), /no JSON/);
});
