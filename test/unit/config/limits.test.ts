import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConfigError, loadApiConfig, loadWorkerConfig } from '../../../config.ts';

const load = (env: Record<string, string>) => loadApiConfig([], { GC_BUCKET_NAME: 'b', ...env });

function faultsOf(env: Record<string, string>): readonly string[] {
  try {
    load(env);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
}

test('without limits there are none', () => {
  const { allowedImages, jobMaxResources, jobMaxRunTimeoutMs } = load({});
  assert.deepEqual([allowedImages, jobMaxResources, jobMaxRunTimeoutMs], [undefined, undefined, undefined]);
});

test('limits are read as they are written', () => {
  const config = load({
    ALLOWED_IMAGES: 'python:3.*, registry.example.com/team/*',
    JOB_MAX_RESOURCES:
      '{"cpu": 4, "memory": "16Gi", "storage": "1Ti", "nvidia.com/gpu": 0, "hugepages-2Mi": "4Mi", "a/b": 1}',
    JOB_MAX_RUN_TIMEOUT: '3600',
  });
  assert.deepEqual(
    config.allowedImages?.map(({ repository }) => repository),
    ['docker.io/library/python', 'registry.example.com/team/'],
  );
  assert.deepEqual(config.jobMaxResources, {
    cpu: '4',
    memory: '16Gi',
    storage: '1Ti',
    'nvidia.com/gpu': '0',
    'hugepages-2Mi': '4Mi',
    'a/b': '1',
  });
  assert.equal(config.jobMaxRunTimeoutMs, 3_600_000);
});

test('a limit that limits nothing is a fault, not no limit', () => {
  const faulty = {
    ALLOWED_IMAGES: ['*', 'python,', 'python;ruby', 'py*'],
    JOB_MAX_RESOURCES: [
      '16Gi',
      '[]',
      'null',
      '{"mem": "1Gi"}',
      '{"cpu": "1", "mem": "1Gi"}',
      '{"memory-": 1}',
      '{"a cpu": 1}',
      '{"a/b c": 1}',
      '{"memory": "much"}',
      '{"limits": {"memory": "1Gi"}}',
    ],
    JOB_MAX_RUN_TIMEOUT: ['0', 'never', '315360001'],
    JOB_MAX_START_TIMEOUT: ['0', 'never', '315360001'],
    JOB_START_TIMEOUT: ['315360001'],
    JOB_RUN_TIMEOUT: ['315360001'],
    JOB_TRANSFER_TIMEOUT: ['315360001'],
    ALLOWED_PRIORITY_CLASSES: ['Low', 'low,', 'system-cluster-critical', 'low,system-a', 'a*'],
    ALLOWED_QUEUES: ['Night', 'a b', ','],
    ALLOWED_STORAGE_CLASSES: ['Fast', 'fast;slow'],
    ALLOWED_NODE_SELECTORS: ['a b', 'a=b=c', 'a=b c', 'a/b/c', '=a', '{"a": "b"}'],
    ALLOWED_TOLERATIONS: ['a b', 'a=b=c', 'a:Never', 'a:NoSchedule:NoExecute', ':NoSchedule', 'a=b c'],
  };
  for (const [name, values] of Object.entries(faulty)) {
    for (const value of values) {
      const faults = faultsOf({ [name]: value });
      assert.equal(faults.length, 1, value);
      assert.match(faults[0] ?? '', new RegExp(`^${name} must be `));
    }
  }
});

test('a start deadline has a limit that nobody has to set', () => {
  assert.equal(load({}).jobMaxStartTimeoutMs, 7 * 86_400_000);
  assert.equal(load({ JOB_MAX_START_TIMEOUT: '60' }).jobMaxStartTimeoutMs, 60_000);
});

test('what jobs may name is read as it is written', () => {
  const { allowed } = load({
    API_AUTH: 'keys',
    ALLOWED_PRIORITY_CLASSES: 'low, high',
    ALLOWED_QUEUES: '*',
    ALLOWED_NODE_SELECTORS: 'example.com/disk,pool=gpu,spot=',
    ALLOWED_TOLERATIONS: 'gpu, a=b ,a=b:NoSchedule,example.com/a:NoExecute',
  });
  assert.deepEqual(allowed, {
    priorityClasses: ['low', 'high'],
    queues: ['*'],
    storageClasses: [],
    nodeSelectors: ['example.com/disk', 'pool=gpu', 'spot='],
    tolerations: ['gpu', 'a=b', 'a=b:NoSchedule', 'example.com/a:NoExecute'],
  });
});

test('what a job gets by itself may not be more than it may ask for', () => {
  const JOB_DEFAULT_RESOURCES = '{"limits": {"memory": "2Gi", "cpu": "1"}, "requests": {"memory": "2Gi"}}';
  assert.deepEqual(faultsOf({ JOB_DEFAULT_RESOURCES, JOB_MAX_RESOURCES: '{"memory": "1Gi"}' }), [
    'JOB_DEFAULT_RESOURCES has more memory than JOB_MAX_RESOURCES',
  ]);
  assert.deepEqual(faultsOf({ JOB_DEFAULT_RESOURCES, JOB_MAX_RESOURCES: '{"memory": "2Gi"}' }), []);
});

test('either limit of jobs in flight makes the API let jobs wait, and the worker knows both', () => {
  const read = (env: Record<string, string>) => [
    load(env).isQueueing,
    loadWorkerConfig([], { GC_BUCKET_NAME: 'b', ...env }).inFlight,
  ];
  assert.deepEqual(read({}), [false, undefined]);
  assert.deepEqual(read({ JOB_MAX_IN_FLIGHT: '9' }), [true, { all: 9 }]);
  assert.deepEqual(read({ JOB_MAX_IN_FLIGHT: '9', JOB_MAX_IN_FLIGHT_PER_OWNER: '2' }), [true, { all: 9, perOwner: 2 }]);
  for (const value of ['0', '-1', '1.5', 'many'])
    assert.equal(faultsOf({ JOB_MAX_IN_FLIGHT_PER_OWNER: value }).length, 1, value);
});
