import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { BatchV1Api, CoreV1Api, PatchStrategy, setHeaderOptions } from '@kubernetes/client-node';
import type { V1Job, V1PersistentVolumeClaim, V1Secret } from '@kubernetes/client-node';
import { becomesTrue } from '../../deploy/local/ready.ts';
import { applyWithPolicies, POLICY_KINDS, typeWarningsOf } from '../support/admission.ts';
import { render } from '../support/helm.ts';
import { hostileJobs, TASK_WITH_INPUT } from '../support/hostile-jobs.ts';
import type { Alteration } from '../support/hostile-jobs.ts';
import { aName } from '../support/job-client.ts';
import { claimsOfAWorker, jobsOfAWorker, OWNER_SECRETS, secretsOfAWorker } from '../support/manifests-of-a-worker.ts';
import { podOf } from '../support/objects.ts';
import { createScope } from '../support/scope.ts';
import { environmentOfAccount, kubeConfigOfAccount } from '../support/shipped-manifests.ts';
import { runTool } from '../support/tools.ts';

const WORKER = 'kubernetes-task-runner-worker';
const IMAGE = 'registry.example.com:5000/batch/transfer:1';
const ENDPOINT = 'http://storage.example.com';
const OURS = ['ServiceAccount', 'Role', 'RoleBinding', ...POLICY_KINDS];
const DRY = { dryRun: 'All', fieldValidation: 'Strict' } as const;
const STRATEGIC_PATCH = setHeaderOptions('Content-Type', PatchStrategy.StrategicMergePatch);

const scope = createScope();
const namespace = aName('stolen');
const service = `${namespace}-service`;
let batch: BatchV1Api;
let core: CoreV1Api;

const jobs = jobsOfAWorker(IMAGE, ENDPOINT);
const make = (body: V1Job) => batch.createNamespacedJob({ namespace, body, ...DRY });
const claim = (body: V1PersistentVolumeClaim) =>
  core.createNamespacedPersistentVolumeClaim({ namespace, body, ...DRY });
const hide = (body: V1Secret) => core.createNamespacedSecret({ namespace, body, ...DRY });

before(async () => {
  for (const name of [namespace, service]) await runTool('kubectl', 'create', 'namespace', name);
  scope.after(() => runTool('kubectl', 'delete', 'namespace', namespace, service, '--wait=false'));
  const values = {
    images: { transfer: IMAGE },
    settings: { GC_BUCKET_NAME: 'bucket', GC_API_ENDPOINT: ENDPOINT },
    api: { settings: { OWNER_SECRETS: JSON.stringify(OWNER_SECRETS) } },
    jobs: { namespace },
  };
  const objects = await render(values, 'kubernetes-task-runner', service);
  await applyWithPolicies(
    scope,
    objects.filter(({ kind }) => OURS.includes(kind ?? '')),
  );
  const kubeConfig = kubeConfigOfAccount(await environmentOfAccount(scope, WORKER, namespace), namespace);
  [batch, core] = [kubeConfig.makeApiClient(BatchV1Api), kubeConfig.makeApiClient(CoreV1Api)];
  assert.ok(await becomesTrue(arePoliciesInForce, 60_000), 'the API server takes up the policies');
});
after(() => scope[Symbol.asyncDispose]());

/** Each policy refuses something of its kind. */
async function arePoliciesInForce(): Promise<boolean> {
  const spec = { accessModes: ['ReadWriteMany'], resources: { requests: { storage: '1Gi' } } };
  const container = { name: 'task', image: 'a', command: ['a'] };
  const answers = await Promise.allSettled([
    make({
      metadata: { name: 'a' },
      spec: { template: { spec: { restartPolicy: 'Never', containers: [container] } } },
    }),
    claim({ metadata: { name: 'a' }, spec }),
    hide({ metadata: { name: 'a' } }),
  ]);
  return answers.every(({ status }) => status === 'rejected');
}

/** A Job of this worker that the test has changed. */
function altered(what: string, alter: Alteration): V1Job {
  const found = jobs.get(what);
  assert.ok(found, what);
  const job = structuredClone(found);
  alter(podOf(job), job);
  return job;
}

test('every Job that the code makes is admitted', async () => {
  assert.ok(jobs.size > 100);
  for (const [what, job] of jobs) await assert.doesNotReject(make(job), what);
});

test('every claim and every Secret that the code makes is admitted', async () => {
  for (const [what, body] of claimsOfAWorker()) await assert.doesNotReject(claim(body), what);
  for (const [what, body] of secretsOfAWorker()) await assert.doesNotReject(hide(body), what);
});

test('a runtime class, a node selector and tolerations are left to others', async () => {
  const job = altered(TASK_WITH_INPUT, (pod) =>
    Object.assign(pod, {
      runtimeClassName: 'gvisor',
      nodeSelector: { 'example.com/jobs': 'yes' },
      tolerations: [{ operator: 'Exists' }],
    }),
  );
  await make(job);
});

for (const [what, from, alter, said] of hostileJobs()) {
  test(`with the token of the worker no Job may ${what}`, async () => {
    await assert.rejects(make(altered(from, alter)), said);
  });
}

test('a claim of an existing volume, or a copy of another claim, is refused', async () => {
  const [body] = claimsOfAWorker().values();
  assert.ok(body);
  const dataSource = { kind: 'PersistentVolumeClaim', name: 'job-other-output' };
  for (const [more, said] of [
    [{ volumeName: 'other' }, /must not have the fields volumeName/],
    [{ dataSource }, /must not have the fields dataSource/],
    [{ volumeMode: 'Block' }, /must be of a file system/],
  ] as const)
    await assert.rejects(claim({ ...body, spec: { ...body.spec, ...more } }), said);
  const annotations = { 'pv.kubernetes.io/bind-completed': 'yes' };
  await assert.rejects(
    claim({ ...body, metadata: { ...body.metadata, annotations } }),
    /the annotations pv\.kubernetes\.io/,
  );
  await assert.rejects(claim({ ...body, metadata: { name: 'other' } }), /its name must be the one of that job/);
});

test('a Secret of another name, owner or type is refused', async () => {
  const body = secretsOfAWorker().get('values of a task');
  assert.ok(body);
  await assert.rejects(
    hide({ ...body, metadata: { ...body.metadata, name: 'other' } }),
    /its name must be gcs-api-key or/,
  );
  await assert.rejects(
    hide({ ...body, metadata: { ...body.metadata, ownerReferences: [] } }),
    /must belong to one Kubernetes Job/,
  );
  const annotations = { 'kubernetes.io/service-account.name': 'default' };
  const token = { ...body, metadata: { ...body.metadata, annotations }, type: 'kubernetes.io/service-account-token' };
  await assert.rejects(hide(token), /must not have the type kubernetes\.io\/service-account-token/);
});

test('a pod may be told to send, and is changed in nothing else', async () => {
  const image = 'registry.example.com/none:1';
  await runTool(
    'kubectl',
    'run',
    'victim',
    '--namespace',
    namespace,
    '--image',
    image,
    '--restart=Never',
    '--labels=a=b',
  );
  const patch = (body: object) =>
    core.patchNamespacedPod({ name: 'victim', namespace, body, dryRun: 'All' }, STRATEGIC_PATCH);
  await patch({ metadata: { annotations: { 'kubernetes-task-runner/send': 'now' } } });
  for (const [body, said] of [
    [{ spec: { containers: [{ name: 'victim', image: 'registry.example.com/other:1' }] } }, /must not change a pod/],
    [{ spec: { activeDeadlineSeconds: 1 } }, /must not change a pod/],
    [{ metadata: { labels: { a: 'c' } } }, /must not change a pod/],
    [{ metadata: { annotations: { other: 'a' } } }, /must not change the annotations other/],
  ] as const)
    await assert.rejects(patch(body), said);
});

test('the cluster finds no fault with the types in the policies', async () => {
  for (const kind of ['jobs', 'pods', 'claims', 'secrets'])
    assert.deepEqual(await typeWarningsOf(`${kind}.${WORKER}.${service}`), [], kind);
});
