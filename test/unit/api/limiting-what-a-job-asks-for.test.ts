import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  limitIssues,
  standardRunTimeoutMs,
  standardStartTimeoutMs,
  withLargestLimits,
} from '../../../api/batch/limits.ts';
import { parseImagePattern } from '../../../config/images.ts';
import type { JobParameters } from '../../../workflows/parameters.ts';

const PYTHON = parseImagePattern('python') ?? assert.fail();
const LIMITS = {
  allowedImages: [PYTHON],
  jobMaxResources: { cpu: '2', memory: '1Gi', storage: '10Gi', 'nvidia.com/gpu': '0' },
  jobMaxRunTimeoutMs: 3_600_000,
  jobMaxStartTimeoutMs: 60_000,
};

const fieldsOf = (more: Partial<JobParameters>, limits: Parameters<typeof limitIssues>[1] = LIMITS) =>
  limitIssues({ docker_image: 'python', ...more }, limits).map(({ path }) => path.join('.'));

test('what is just allowed is taken', () => {
  const resources = { limits: { cpu: '2000m', memory: '1024Mi', 'example.com/any': '9' }, requests: { memory: '1Gi' } };
  assert.deepEqual(
    fieldsOf({ resources, storage: { size: '10Gi' }, timeout_seconds: 3600, start_timeout_seconds: 60 }),
    [],
  );
  assert.deepEqual([...fieldsOf({}), ...fieldsOf({ storage: { class: 'fast' } })], []);
});

test('all that is too much is refused at once, each at its field', () => {
  const resources = { limits: { cpu: '2001m', 'nvidia.com/gpu': '1' }, requests: { memory: '1.1Gi' } };
  assert.deepEqual(
    fieldsOf({
      docker_image: 'ruby',
      resources,
      storage: { size: '1Ti' },
      timeout_seconds: 3601,
      start_timeout_seconds: 61,
    }),
    [
      'docker_image',
      'timeout_seconds',
      'start_timeout_seconds',
      'resources.limits.cpu',
      'resources.limits.nvidia.com/gpu',
      'resources.requests.memory',
      'storage.size',
    ].map((field) => `job_parameters.${field}`),
  );
});

test('without limits everything is taken', () => {
  const resources = { limits: { cpu: '1000' } };
  assert.deepEqual(
    fieldsOf(
      { docker_image: 'ruby', resources, storage: { size: '1Ti' }, timeout_seconds: 1e8 },
      { jobMaxStartTimeoutMs: 1 },
    ),
    [],
  );
});

test('where a job sets no limit the largest is its limit, and nothing more is asked for', () => {
  const largest = { cpu: '2', memory: '1Gi', 'nvidia.com/gpu': '1', 'ephemeral-storage': '1Gi' };
  const filled = { limits: { cpu: '2', memory: '1Gi' }, requests: { cpu: '0', memory: '0' } };
  assert.deepEqual(withLargestLimits(undefined, largest), filled);
  assert.deepEqual(withLargestLimits({ limits: { memory: '0', cpu: '0m' } }, largest), filled, 'zero is no limit');
  assert.deepEqual(withLargestLimits({ limits: { memory: '1Mi' }, requests: { cpu: '1' } }, largest), {
    limits: { cpu: '2', memory: '1Mi' },
    requests: { cpu: '1' },
  });
  const whole = { limits: { cpu: '1', memory: '1Mi' } };
  assert.deepEqual(withLargestLimits(whole, largest), whole);
  assert.deepEqual(withLargestLimits({ requests: { cpu: '1' } }, {}), { requests: { cpu: '1' } });
});

test('a job that names no deadline gets the shorter of the default and the longest', () => {
  assert.equal(standardRunTimeoutMs({ jobRunTimeoutMs: 5 }), 5);
  assert.equal(standardRunTimeoutMs({ jobRunTimeoutMs: 5, jobMaxRunTimeoutMs: 4 }), 4);
  assert.equal(standardRunTimeoutMs({ jobRunTimeoutMs: 5, jobMaxRunTimeoutMs: 6 }), 5);
});

test('a job that names no start deadline gets the shorter of the default and the longest', () => {
  assert.equal(standardStartTimeoutMs({ jobStartTimeoutMs: 5, jobMaxStartTimeoutMs: 4 }), 4);
  assert.equal(standardStartTimeoutMs({ jobStartTimeoutMs: 5, jobMaxStartTimeoutMs: 6 }), 5);
});
