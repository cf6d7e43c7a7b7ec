import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cleanupJobManifest, jobSecretManifest, secretManifest, taskJobManifest } from '../../../cluster/manifests.ts';
import { placementOf } from '../../../workflows/state.ts';
import { aRequest, podOf, podSettings } from '../../support/objects.ts';

const pods = podSettings({ transfer: { image: 'transfer', bucketName: 'bucket', credentials: 'secret' } });
const input = { object: 'python-input.zip', sizeBytes: 10, crc32c: 'AAAAAA==' };

test('with an input the task sees it read-only, and only the init container sees the credential', () => {
  const pod = podOf(taskJobManifest(aRequest(), pods, input));
  const mounts = pod.containers[0]?.volumeMounts ?? [];
  assert.deepEqual(mounts.find(({ mountPath }) => mountPath === '/input')?.readOnly, true);
  assert.equal(
    mounts.some(({ name }) => name === 'credentials'),
    false,
  );
  assert.equal(
    pod.initContainers?.[0]?.volumeMounts?.some(({ name }) => name === 'credentials'),
    true,
  );
});

test('a variable of a Secret names it, and a sealed one the Secret of its own job', () => {
  const environment_variables = { Z: { sealed: 'zz' }, S: { secret: 's3/the.key' }, 'A B': { sealed: 'aa' } };
  const request = aRequest({ id: 'the-id', name: 'n', parameters: { docker_image: 'python', environment_variables } });
  const sealed = (key: string) => ({ secretKeyRef: { name: 'job-n-task-the-id', key } });
  const job = taskJobManifest(request, pods);
  assert.deepEqual(podOf(job).containers[0]?.env, [
    { name: 'Z', valueFrom: sealed('value-1') },
    { name: 'S', valueFrom: { secretKeyRef: { name: 's3', key: 'the.key' } } },
    { name: 'A B', valueFrom: sealed('value-0') },
  ]);
  assert.doesNotMatch(JSON.stringify(job), /zz|aa/);
});

test('the Secret of a job goes when its Job goes, and belongs to one attempt alone', () => {
  const job = { metadata: { name: 'n.2', uid: 'the-uid' } };
  const secret = jobSecretManifest({ id: 'the-id', name: 'n', attempt: 2 }, 'task', job, { url: 'one' });
  assert.equal(secret.metadata?.name, 'job-n-task-the-id.2');
  assert.deepEqual(secret.metadata.ownerReferences, [
    { apiVersion: 'batch/v1', kind: 'Job', name: 'n.2', uid: 'the-uid' },
  ]);
  assert.deepEqual(secret.stringData, { url: 'one' });
});

test('with signed URLs no pod has the credential, and each transfer has the URL of its own Job alone', () => {
  const signed = podSettings({ transfer: { image: 'transfer', bucketName: 'bucket', credentials: 'signed-urls' } });
  const request = aRequest({ id: 'the-id', name: 'n' });
  const task = podOf(taskJobManifest(request, signed, input));
  const placement = placementOf(request);
  const cleanup = podOf(cleanupJobManifest({ ...request, attempt: 2 }, 'object', signed, placement));
  const urlOf = (name: string) => ({ name: 'TRANSFER_URL', valueFrom: { secretKeyRef: { name, key: 'url' } } });
  assert.deepEqual(task.initContainers?.[0]?.env?.at(-1), urlOf('job-n-task-the-id'));
  assert.deepEqual(cleanup.containers[0]?.env?.at(-1), urlOf('job-n-cleanup-the-id.2'));
  assert.doesNotMatch(JSON.stringify(task.containers), /TRANSFER_URL/);
  assert.doesNotMatch(JSON.stringify([task, cleanup]), /gcs-api-key|GC_CREDENTIALS/);
});

test('the credential of the bucket is a secret that says whose it is', () => {
  assert.deepEqual(secretManifest('{"type":"service_account"}'), {
    metadata: { name: 'gcs-api-key', labels: { 'app.kubernetes.io/managed-by': 'kubernetes-task-runner' } },
    type: 'Opaque',
    stringData: { 'gcs-api-key.json': '{"type":"service_account"}' },
  });
});
