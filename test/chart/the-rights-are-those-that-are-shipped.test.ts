import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { KubernetesObject } from '@kubernetes/client-node';
import { POLICY_KINDS } from '../support/admission.ts';
import { LEAST } from '../support/chart-values.ts';
import { render } from '../support/helm.ts';
import { readShipped } from '../support/shipped-manifests.ts';

const RIGHTS = ['Role', 'RoleBinding', 'ClusterRole', 'ClusterRoleBinding'];
const JOBS = 'kubernetes-task-runner-jobs';

/** What Helm and the chart call the object by, beside its name. */
const OF_THE_CHART = /^(?:app\.kubernetes\.io|helm\.sh|meta\.helm\.sh)\//;

/** The object without that; of what is equal then, the text is equal. */
function bare(object: KubernetesObject): unknown {
  const { metadata, ...rest } = object;
  const { name, namespace, labels = {} } = metadata ?? {};
  const own = Object.fromEntries(Object.entries(labels).filter(([key]) => !OF_THE_CHART.test(key)));
  return { ...rest, metadata: { name, ...(namespace && { namespace }), labels: own } };
}

function sorted(objects: readonly KubernetesObject[]): readonly unknown[] {
  const key = ({ kind, metadata }: KubernetesObject) => `${kind} ${metadata?.namespace} ${metadata?.name}`;
  return objects.toSorted((a, b) => key(a).localeCompare(key(b))).map(bare);
}

async function assertSame(isMeant: (object: KubernetesObject) => boolean, least: number): Promise<void> {
  const [rendered, shipped] = [await render(LEAST), await readShipped()].map((objects) => objects.filter(isMeant));
  assert.ok((shipped?.length ?? 0) >= least);
  assert.deepEqual(sorted(rendered ?? []), sorted(shipped ?? []));
}

test('the Roles and their bindings are those of deploy/kubernetes, and there are no others', async () => {
  await assertSame(({ kind }) => RIGHTS.includes(kind ?? ''), 4);
});

test('the policies of the jobs are those of deploy/kubernetes, and there are no others', async () => {
  await assertSame(({ kind, metadata }) => kind === 'NetworkPolicy' && metadata?.namespace === JOBS, 3);
});

test('the policies of what the worker makes are those of deploy/kubernetes, and there are no others', async () => {
  await assertSame(({ kind }) => POLICY_KINDS.includes(kind ?? ''), 8);
});

test('the policies are about the worker of the release, and know its settings', async () => {
  const values = {
    images: { transfer: 'registry.example.com:5000/batch/transfer:1@sha256:9f2c' },
    settings: { GC_BUCKET_NAME: 'batch-files', GC_API_ENDPOINT: 'http://other' },
    worker: { settings: { GC_API_ENDPOINT: 'http://storage' } },
    api: { settings: { OWNER_SECRETS: '{"alice": ["database", "s3/key"], "*": ["database"]}' } },
    jobs: { namespace: 'batch' },
  };
  const objects = (await render(values, 'blue', 'service')).filter(({ kind }) => POLICY_KINDS.includes(kind ?? ''));
  const text = JSON.stringify(objects);
  assert.doesNotMatch(text, /kubernetes-task-runner-worker|kubernetes-task-runner-jobs|kubernetes-task-runner:/);
  for (const { kind, spec } of objects as (KubernetesObject & { readonly spec: object })[]) {
    const expected =
      kind === POLICY_KINDS[0] ? 'system:serviceaccount:service:blue-worker' : '"kubernetes.io/metadata.name":"batch"';
    assert.ok(JSON.stringify(spec).includes(expected), kind);
  }
  for (const known of ['registry.example.com:5000/batch/transfer', 'http://storage'])
    assert.ok(text.includes(JSON.stringify({ expression: `"${known}"` }).slice(1, -1)), known);
  assert.ok(text.includes(JSON.stringify({ expression: '["database","s3/key"]' }).slice(1, -1)));
});

test('without admissionPolicy there are no such policies', async () => {
  const objects = await render({ ...LEAST, jobs: { admissionPolicy: { enabled: false } } });
  assert.ok(!objects.some(({ kind }) => POLICY_KINDS.includes(kind ?? '')));
});

test('the namespace of the jobs is the one of deploy/kubernetes', async () => {
  await assertSame(({ kind, metadata }) => kind === 'Namespace' && metadata?.name === JOBS, 1);
});

test('the accounts have the names of deploy/kubernetes, and no token but where their pods ask for it', async () => {
  const isAccount = ({ kind }: KubernetesObject) => kind === 'ServiceAccount';
  const wanted = (await readShipped()).filter(isAccount);
  assert.equal(wanted.length, 2);
  const accounts = wanted.map((account) => ({ ...account, automountServiceAccountToken: false }));
  assert.deepEqual(sorted((await render(LEAST)).filter(isAccount)), sorted(accounts));
});

test('a release of another name gives the same rights to its own accounts, in the namespace that is said', async () => {
  const objects = await render({ ...LEAST, jobs: { namespace: 'batch' } }, 'blue', 'service');
  const rights = objects.filter(({ kind }) => RIGHTS.includes(kind ?? ''));
  assert.deepEqual(
    rights.map(({ kind, metadata }) => `${kind} ${metadata?.namespace}/${metadata?.name}`),
    ['Role batch/blue-worker', 'Role batch/blue-api', 'RoleBinding batch/blue-worker', 'RoleBinding batch/blue-api'],
  );
  const bindings = rights.filter(({ kind }) => kind === 'RoleBinding') as (KubernetesObject & {
    readonly roleRef: { readonly name: string };
    readonly subjects: readonly { readonly name: string; readonly namespace: string }[];
  })[];
  for (const { metadata, roleRef, subjects } of bindings) {
    assert.equal(roleRef.name, metadata?.name);
    assert.deepEqual(
      subjects.map(({ name, namespace }) => `${namespace}/${name}`),
      [`service/${metadata?.name}`],
    );
  }
});
