import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LEAST } from '../support/chart-values.ts';
import { render } from '../support/helm.ts';
import type { Values } from '../support/helm.ts';

const BUCKET = { GC_BUCKET_NAME: 'batch-files' };

const WITH_INGRESS = { ...LEAST, ingress: { enabled: true, host: 'batch.example' } };

/** What is wrong, the values, and what is said of them. */
const REFUSED: readonly (readonly [string, Values, RegExp])[] = [
  ['no bucket', {}, /settings\.GC_BUCKET_NAME is required/],
  ['a value that there is not', { ...LEAST, replicas: 2 }, /additional properties 'replicas' not allowed/],
  ['a misspelt value of a part', { ...LEAST, api: { replica: 2 } }, /at '\/api': additional properties 'replica' not/],
  ['a word for a number', { ...LEAST, api: { replicas: 'two' } }, /at '\/api\/replicas': got string, want integer/],
  ['a setting that is no variable', { settings: { ...BUCKET, 'log-level': 'info' } }, /propertyName 'log-level'/],
  [
    'a setting that is a list',
    { settings: { ...BUCKET, INPUT_BUCKETS: ['a'] } },
    /at '\/settings\/INPUT_BUCKETS': got/,
  ],
  ['no level of Pod Security', { ...LEAST, jobs: { podSecurity: 'privileged' } }, /one of 'baseline', 'restricted'/],
  ['no name of a RuntimeClass', { ...LEAST, jobs: { runtimeClass: 'gVisor' } }, /at '\/jobs\/runtimeClass'/],
  [
    'a priority class of Kubernetes itself',
    { ...LEAST, jobs: { allowed: { priorityClasses: ['system-node-critical'] } } },
    /at '\/jobs\/allowed\/priorityClasses\/0'/,
  ],
  ['no taint', { ...LEAST, jobs: { allowed: { tolerations: ['a:Never'] } } }, /at '\/jobs\/allowed\/tolerations\/0'/],
  [
    'a value of jobs as a setting',
    { ...LEAST, worker: { settings: { JOB_HOST_USERS: 'false' } } },
    /worker\.settings\.JOB_HOST_USERS is said by the chart: see .* values of jobs/,
  ],
  ['a range that is none', { ...LEAST, jobs: { networkPolicy: { closedRanges: ['all'] } } }, /closedRanges\/0/],
  ['an open range that is a name', { ...LEAST, jobs: { networkPolicy: { openRanges: ['a/32'] } } }, /openRanges\/0/],
  ['a Secret without its key', { ...LEAST, secrets: { MONGODB_URI: { name: 'a' } } }, /missing property 'key'/],
  ['jobs beside the service', { ...LEAST, jobs: { namespace: 'kubernetes-task-runner' } }, /need one of their own/],
  ['an Ingress without a host', { ...LEAST, ingress: { enabled: true } }, /ingress\.host is required/],
  ['an Ingress without the number of proxies', WITH_INGRESS, /api\.settings\.API_TRUSTED_PROXIES is required/],
  [
    'an Ingress that is no proxy',
    { ...WITH_INGRESS, api: { settings: { API_TRUSTED_PROXIES: 0 } } },
    /api\.settings\.API_TRUSTED_PROXIES is required/,
  ],
  ['a port', { settings: { ...BUCKET, WORKER_PORT: 1 } }, /settings\.WORKER_PORT is said by the chart/],
  [
    'the namespace of the jobs as a setting',
    { ...LEAST, worker: { settings: { KUBERNETES_NAMESPACE: 'a' } } },
    /worker\.settings\.KUBERNETES_NAMESPACE is said by the chart: see .*jobs\.namespace/,
  ],
  [
    'a password in an address',
    { settings: { ...BUCKET, MONGODB_URI: 'mongodb://user:word@host' } },
    /settings\.MONGODB_URI is secret: put it into a Secret, and name that by secrets\.MONGODB_URI/,
  ],
  ['a key', { ...LEAST, api: { settings: { ENCRYPTION_KEYS: 'a' } } }, /api\.settings\.ENCRYPTION_KEYS is secret/],
  [
    'a file with a key',
    { settings: { ...BUCKET, GC_CREDENTIALS_FILE_PATH: '/key' } },
    /name that by secretFiles\.GC_CREDENTIALS_FILE_PATH/,
  ],
  [
    'a setting of the admission policies as a secret',
    { ...LEAST, secrets: { OWNER_SECRETS: { name: 'a', key: 'b' } } },
    /secrets\.OWNER_SECRETS: jobs\.admissionPolicy has to know this setting/,
  ],
  [
    'a setting that is said twice',
    { settings: { ...BUCKET, MONGODB_HOST: 'a' }, secrets: { MONGODB_HOST: { name: 'a', key: 'b' } } },
    /settings\.MONGODB_HOST is said twice/,
  ],
];

for (const [what, values, said] of REFUSED) {
  test(`${what} is refused, and it is said where`, async () => {
    await assert.rejects(render(values), said);
  });
}

test('an address of MongoDB without a password is no secret', async () => {
  await render({ settings: { ...BUCKET, MONGODB_URI: 'mongodb://a,b/?replicaSet=rs0' } });
});

test('an Ingress with the number of proxies in front is taken, wherever that is said', async () => {
  await render({ ...WITH_INGRESS, api: { settings: { API_TRUSTED_PROXIES: 2 } } });
  await render({ ...WITH_INGRESS, settings: { ...BUCKET, API_TRUSTED_PROXIES: 1 } });
});
