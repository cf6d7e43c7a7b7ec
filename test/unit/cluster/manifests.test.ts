import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { V1Job, V1PodSpec } from '@kubernetes/client-node';
import { claimManifest, cleanupJobManifest, taskJobManifest } from '../../../cluster/manifests.ts';
import type { JobParameters } from '../../../workflows/parameters.ts';
import { placementOf } from '../../../workflows/state.ts';
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
  const pod = podOf(taskJobManifest(ref, transfer));
  assert.equal(pod.initContainers, undefined);
  assert.deepEqual(
    pod.volumes?.map(({ name }) => name),
    ['output'],
  );
});

test('with an input the task sees it read-only, and only the init container sees the credential', () => {
  const pod = podOf(taskJobManifest(ref, transfer, input));
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
  const [task] = podOf(taskJobManifest(aRequest({ parameters }), transfer)).containers;
  assert.deepEqual(task?.env, [{ name: 'A', value: '$$(HOME) costs $$5 "quoted"  ' }]);
});

test('an image keeps its own entry point unless the job names another', () => {
  const [task] = podOf(taskJobManifest(ref, transfer)).containers;
  assert.equal(task && ('command' in task || 'args' in task), false);
});

test('what a job asks for stands in its objects', () => {
  const tolerations = [{ key: 'node.kubernetes.io/unreachable', operator: 'Exists', tolerationSeconds: 0 }] as const;
  const parameters: JobParameters = {
    docker_image: 'python',
    image_pull_policy: 'Always',
    labels: { team: 'blue', 'kubernetes-task-runner/role': 'cleanup' },
    node_selector: { disk: 'fast' },
    priority_class: 'urgent',
    queue: 'night',
    tolerations,
  };
  const request = aRequest({ parameters, startTimeoutMs: 10_000, runTimeoutMs: 20_000, transferTimeoutMs: 30_000 });
  const job = taskJobManifest(request, transfer);
  const labels = job.metadata?.labels ?? {};
  assert.deepEqual([labels['team'], labels['kueue.x-k8s.io/queue-name'], job.spec?.suspend], ['blue', 'night', true]);
  assert.equal(labels['kubernetes-task-runner/role'], 'task', 'a label of the job never takes the place of ours');
  assert.equal(job.spec?.activeDeadlineSeconds, 10 + 20 + 3600);
  const pods = [podOf(job), podOf(cleanupJobManifest(ref, 'out', transfer, placementOf(request)))];
  for (const pod of pods) {
    assert.deepEqual([pod.nodeSelector, pod.priorityClassName], [{ disk: 'fast' }, 'urgent']);
    const seconds = pod.tolerations?.map(({ key, tolerationSeconds }) => [key, tolerationSeconds]);
    assert.deepEqual(seconds, [
      ['node.kubernetes.io/unreachable', 0],
      ['node.kubernetes.io/not-ready', 60],
    ]);
  }
  assert.equal(podOf(job).containers[0]?.imagePullPolicy, 'Always');
  assert.equal(podOf(job).containers[0]?.resources, undefined);
});

test('a Job makes one pod: none after a failure, and none beside one that is being deleted', () => {
  for (const { spec } of [taskJobManifest(ref, transfer), cleanupJobManifest(ref, 'out', transfer, placementOf(ref))]) {
    assert.deepEqual([spec?.backoffLimit, spec?.podReplacementPolicy], [0, 'Failed']);
    assert.equal(spec?.template.spec?.restartPolicy, 'Never');
  }
});

test('a claim has the size and the class that the job asks for', () => {
  const { spec } = claimManifest(ref, 'claim', { size: '2Gi', class: 'fast' });
  assert.deepEqual([spec?.resources?.requests?.['storage'], spec?.storageClassName], ['2Gi', 'fast']);
  assert.equal('storageClassName' in (claimManifest(ref, 'claim', { size: '2Gi' }).spec ?? {}), false);
});

test('no pod of ours gets a token of the cluster, and no transfer container needs root', () => {
  const jobs = [taskJobManifest(ref, transfer, input), cleanupJobManifest(ref, 'out', transfer, placementOf(ref))];
  for (const pod of jobs.map(podOf)) assert.equal(pod.automountServiceAccountToken, false);
  const containers = [podOf(jobs[0] as V1Job).initContainers?.[0], podOf(jobs[1] as V1Job).containers[0]];
  for (const container of containers) {
    assert.equal(container?.securityContext?.runAsNonRoot, true);
    assert.deepEqual(container.securityContext.capabilities?.drop, ['ALL']);
  }
});

test('no mesh puts a sidecar beside our containers', () => {
  const jobs = [taskJobManifest(ref, transfer, input), cleanupJobManifest(ref, 'out', transfer, placementOf(ref))];
  for (const { spec } of jobs) {
    const expected = { 'sidecar.istio.io/inject': 'false', 'linkerd.io/inject': 'disabled' };
    assert.deepEqual(spec?.template.metadata?.annotations, expected);
  }
});

test('the cleanup Job carries the annotations of the contract and prefers the node of the task', () => {
  const job = cleanupJobManifest(ref, 'out', transfer, { ...placementOf(ref), nodeName: 'node-7' });
  assert.equal(job.metadata?.name, `${ref.name}-cleanup`);
  assert.deepEqual(job.metadata.annotations, { job_runner_job_type: 'cleanup', job_runner_related_job: ref.name });
  assert.match(JSON.stringify(podOf(job).affinity), /node-7/);
});
