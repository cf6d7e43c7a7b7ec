import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConfigError, loadWorkerConfig } from '../../../config.ts';

const loadAll = (env: Record<string, string>) => loadWorkerConfig([], { GC_BUCKET_NAME: 'b', ...env });
const load = (env: Record<string, string>) => loadAll(env).enforced;

test('without settings a pod runs as its node runs pods', () => {
  assert.deepEqual(load({}), { hasUserNamespace: false });
});

test('a sandbox and user namespaces are read as they are written', () => {
  assert.deepEqual(load({ JOB_RUNTIME_CLASS: 'kata.example', JOB_HOST_USERS: 'false' }), {
    runtimeClass: 'kata.example',
    hasUserNamespace: true,
  });
  assert.deepEqual(load({ JOB_HOST_USERS: 'true' }), { hasUserNamespace: false });
});

test('nodes and tolerations are read as JSON', () => {
  const tolerations = [
    { key: 'dedicated', operator: 'Equal', value: 'jobs', effect: 'NoSchedule' },
    { operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 60 },
  ];
  const JOB_NODE_SELECTOR = '{"pool": "jobs", "example.com/a": ""}';
  const { nodeSelector, ...others } = load({ JOB_NODE_SELECTOR, JOB_TOLERATIONS: JSON.stringify(tolerations) });
  assert.deepEqual(nodeSelector, { pool: 'jobs', 'example.com/a': '' });
  assert.deepEqual(others.tolerations, tolerations);
});

test('no label of a job stands on its pods as it is, unless its key is listed', () => {
  assert.deepEqual(loadAll({}).allowedLabels, []);
  assert.deepEqual(loadAll({ ALLOWED_POD_LABELS: 'team, example.com/a' }).allowedLabels, ['team', 'example.com/a']);
});

const FAULTY: Readonly<Record<string, readonly string[]>> = {
  JOB_RUNTIME_CLASS: ['gVisor', 'a b', 'a,b'],
  ALLOWED_POD_LABELS: ['a b', 'team=a', 'a/b/c', 'a,,b'],
  JOB_NODE_SELECTOR: ['pool=jobs', '[]', 'null', '{"a b": "c"}', '{"a": 1}', '{"a": "b c"}'],
  JOB_TOLERATIONS: [
    'dedicated',
    '{}',
    '[{}]',
    '[{"key": "a b"}]',
    '[{"key": "a", "operator": "In"}]',
    '[{"key": "a", "effect": "Never"}]',
    '[{"key": "a", "operator": "Exists", "value": "b"}]',
    '[{"key": "a", "tolerationSeconds": 1}]',
    '[{"key": "a", "color": "b"}]',
  ],
  JOB_HOST_USERS: ['no', '0', 'False'],
};

for (const [name, values] of Object.entries(FAULTY)) {
  for (const value of values) {
    test(`${name}=${value} is a fault`, () => {
      const isFault = (error: unknown) =>
        error instanceof ConfigError && error.faults.length === 1 && error.faults[0]?.startsWith(`${name} must `);
      assert.throws(() => load({ [name]: value }), isFault);
    });
  }
}
