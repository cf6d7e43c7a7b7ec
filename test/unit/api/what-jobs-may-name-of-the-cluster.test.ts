import assert from 'node:assert/strict';
import { test } from 'node:test';
import { refuseParameters } from '../../../api/batch/parameters.ts';
import { isApiError } from '../../../api/errors.ts';
import { loadApiConfig } from '../../../config.ts';
import type { JobParameters } from '../../../workflows/parameters.ts';

/** The faults of a job with these parameters, for a service with these settings. */
function faultsOf(env: Record<string, string>, parameters: Partial<JobParameters>): unknown {
  const settings = loadApiConfig([], { GC_BUCKET_NAME: 'b', ...env });
  try {
    refuseParameters({ settings }, { parameters: { docker_image: 'python', ...parameters } }, 'alice');
    return {};
  } catch (error) {
    assert.ok(isApiError(error));
    return (error.data as { job_parameters: unknown }).job_parameters;
  }
}

const EVERYTHING: Partial<JobParameters> = {
  priority_class: 'urgent',
  queue: 'night',
  storage: { class: 'fast' },
  node_selector: { pool: 'gpu' },
  tolerations: [{ operator: 'Exists' }, { key: 'dedicated', value: 'gpu', effect: 'NoSchedule' }],
};

test('where callers are asked who they are, a job may name nothing of the cluster', () => {
  assert.deepEqual(faultsOf({ API_AUTH: 'keys' }, EVERYTHING), {
    priority_class: 'Priority class urgent is not allowed here; allowed are none',
    queue: 'Queue night is not allowed here; allowed are none',
    storage: { class: 'Storage class fast is not allowed here; allowed are none' },
    node_selector: { pool: 'Node label pool=gpu is not allowed here; allowed are none' },
    tolerations: {
      0: 'Toleration of every taint is not allowed here; allowed are none',
      1: 'Toleration of dedicated=gpu:NoSchedule is not allowed here; allowed are none',
    },
  });
  assert.deepEqual(
    faultsOf({ API_AUTH: 'keys' }, { storage: { size: '1Gi' }, tolerations: [], node_selector: {} }),
    {},
  );
});

test('where nobody is asked, a job may name everything', () => {
  assert.deepEqual(faultsOf({}, EVERYTHING), {});
  assert.deepEqual(faultsOf({ API_AUTH: 'none' }, EVERYTHING), {});
});

const LISTS = {
  ALLOWED_PRIORITY_CLASSES: 'low, urgent',
  ALLOWED_QUEUES: 'night',
  ALLOWED_STORAGE_CLASSES: 'fast',
  ALLOWED_NODE_SELECTORS: 'pool=gpu,disk',
  ALLOWED_TOLERATIONS: 'dedicated=gpu',
};

test('what is listed is allowed, and the refusal of all else names it, whether callers are asked or not', () => {
  for (const auth of ['keys', 'none']) {
    const env = { ...LISTS, API_AUTH: auth };
    const tolerations = EVERYTHING.tolerations?.slice(1) ?? [];
    assert.deepEqual(faultsOf(env, { ...EVERYTHING, tolerations }), {});
    assert.deepEqual(faultsOf(env, { priority_class: 'high', node_selector: { pool: 'cpu', disk: 'ssd' } }), {
      priority_class: 'Priority class high is not allowed here; allowed are low, urgent',
      node_selector: { pool: 'Node label pool=cpu is not allowed here; allowed are pool=gpu, disk' },
    });
  }
});

test('a star allows everything', () => {
  const env = Object.fromEntries(Object.keys(LISTS).map((name) => [name, '*']));
  assert.deepEqual(faultsOf({ ...env, API_AUTH: 'keys' }, EVERYTHING), {});
});
