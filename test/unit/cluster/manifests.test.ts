import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { V1Job, V1PodSpec } from '@kubernetes/client-node';
import { cleanupJobManifest, taskJobManifest } from '../../../cluster/manifests.ts';
import { aRequest } from '../../support/objects.ts';

const ref = aRequest();
const transfer = { image: 'transfer', bucketName: 'bucket', hasCredentials: true };
const input = { object: 'python-input.zip', sizeBytes: 10, crc32c: 'AAAAAA==' };

function podOf(job: V1Job): V1PodSpec {
  const pod = job.spec?.template.spec;
  assert.ok(pod);
  return pod;
}

test('without an input there is no init container, no input claim and no credential', () => {
  const pod = podOf(taskJobManifest(ref, { docker_image: 'python' }, transfer));
  assert.equal(pod.initContainers, undefined);
  assert.deepEqual(
    pod.volumes?.map(({ name }) => name),
    ['output'],
  );
});

test('with an input the task sees it read-only, and only the init container sees the credential', () => {
  const pod = podOf(taskJobManifest(ref, { docker_image: 'python' }, transfer, input));
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

test('an environment value with a dollar is doubled, so that Kubernetes gives it back unchanged', () => {
  const parameters = { docker_image: 'python', environment_variables: { A: '$(HOME) costs $5 "quoted"  ' } };
  const [task] = podOf(taskJobManifest(ref, parameters, transfer)).containers;
  assert.deepEqual(task?.env, [{ name: 'A', value: '$$(HOME) costs $$5 "quoted"  ' }]);
});

test('an image keeps its own entry point unless the job names another', () => {
  const [task] = podOf(taskJobManifest(ref, { docker_image: 'python' }, transfer)).containers;
  assert.equal(task && ('command' in task || 'args' in task), false);
});

test('no pod of ours gets a token of the cluster, and no transfer container needs root', () => {
  const jobs = [
    taskJobManifest(ref, { docker_image: 'python' }, transfer, input),
    cleanupJobManifest(ref, 'out', transfer, {}),
  ];
  for (const pod of jobs.map(podOf)) assert.equal(pod.automountServiceAccountToken, false);
  const containers = [podOf(jobs[0] as V1Job).initContainers?.[0], podOf(jobs[1] as V1Job).containers[0]];
  for (const container of containers) {
    assert.equal(container?.securityContext?.runAsNonRoot, true);
    assert.deepEqual(container.securityContext.capabilities?.drop, ['ALL']);
  }
});

test('the cleanup Job carries the annotations of the contract and prefers the node of the task', () => {
  const job = cleanupJobManifest(ref, 'out', transfer, { nodeName: 'node-7' });
  assert.equal(job.metadata?.name, `${ref.name}-cleanup`);
  assert.deepEqual(job.metadata.annotations, { job_runner_job_type: 'cleanup', job_runner_related_job: ref.name });
  assert.match(JSON.stringify(podOf(job).affinity), /node-7/);
});
