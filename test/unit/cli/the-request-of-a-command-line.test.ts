import assert from 'node:assert/strict';
import { test } from 'node:test';
import { requestOf } from '../../../cli/job/request.ts';
import type { JobOptions } from '../../../cli/job/request.ts';

function parametersOf(options: JobOptions, words: readonly string[] = []): object {
  return requestOf({}, { image: 'python', ...options }, words, {}).job_parameters;
}

test('an image alone is a request', () => {
  assert.deepEqual(requestOf({}, { image: 'python' }, [], {}), { job_parameters: { docker_image: 'python' } });
});

test('words are the arguments of the container, and the entrypoint is its command', () => {
  assert.deepEqual(parametersOf({ entrypoint: 'sh' }, ['-c', 'true']), {
    docker_image: 'python',
    command: ['sh'],
    args: ['-c', 'true'],
  });
});

test('what resources are named are limits', () => {
  const { resources } = parametersOf({ cpu: '500m', memory: '1Gi', gpu: '1', resource: ['hugepages-2Mi=4Mi'] }) as {
    resources?: unknown;
  };
  assert.deepEqual(resources, {
    limits: { 'hugepages-2Mi': '4Mi', cpu: '500m', memory: '1Gi', 'nvidia.com/gpu': '1' },
  });
});

test('durations are told in seconds', () => {
  assert.deepEqual(parametersOf({ timeout: '1h30m', startTimeout: '90', grace: '5s' }), {
    docker_image: 'python',
    timeout_seconds: 5400,
    start_timeout_seconds: 90,
    grace_seconds: 5,
  });
});

test('what is tried again is told by reason or by exit code', () => {
  assert.deepEqual(parametersOf({ attempts: '3', retryOn: ['OOMKilled', '75'], memoryFactor: '2' }), {
    docker_image: 'python',
    retry: { max_attempts: 3, reasons: ['OOMKilled'], exit_codes: [75], memory_factor: 2 },
  });
});

test('options go over what a file says, part by part', () => {
  const file = {
    name: 'from-file',
    job_parameters: {
      docker_image: 'python',
      args: ['a'],
      labels: { team: 'x', stage: 'test' },
      resources: { limits: { cpu: '1' }, requests: { cpu: '100m' } },
    },
  };
  assert.deepEqual(requestOf(file, { name: 'mine', cpu: '2', label: ['team=y'] }, ['b'], {}), {
    name: 'mine',
    job_parameters: {
      docker_image: 'python',
      args: ['b'],
      labels: { team: 'y', stage: 'test' },
      resources: { limits: { cpu: '2' }, requests: { cpu: '100m' } },
    },
  });
});

test('a label without a value is refused', () => {
  assert.throws(() => parametersOf({ label: ['team'] }), { name: 'UsageError', message: /--label must be NAME=VALUE/ });
});
