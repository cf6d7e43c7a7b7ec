import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { V1Job } from '@kubernetes/client-node';
import { claimManifest, cleanupJobManifest, taskJobManifest } from '../../../cluster/manifests.ts';
import type { JobParameters } from '../../../workflows/parameters.ts';
import { placementOf } from '../../../workflows/state.ts';
import { aRequest, podOf, podSettings } from '../../support/objects.ts';

const ref = aRequest();
const pods = podSettings({ transfer: { image: 'transfer', bucketName: 'bucket', credentials: 'secret' } });
const input = { object: 'python-input.zip', sizeBytes: 10, crc32c: 'AAAAAA==' };

test('without an input there is no init container, no input claim and no credential', () => {
  const pod = podOf(taskJobManifest(ref, pods));
  assert.equal(pod.initContainers, undefined);
  assert.deepEqual(
    pod.volumes?.map(({ name }) => name),
    ['output'],
  );
});

test('an environment value with a dollar is doubled, so that Kubernetes gives it back unchanged', () => {
  const parameters = { docker_image: 'python', environment_variables: { A: '$(HOME) costs $5 "quoted"  ' } };
  const [task] = podOf(taskJobManifest(aRequest({ parameters }), pods)).containers;
  assert.deepEqual(task?.env, [{ name: 'A', value: '$$(HOME) costs $$5 "quoted"  ' }]);
});

test('an image keeps its own entry point unless the job names another', () => {
  const [task] = podOf(taskJobManifest(ref, pods)).containers;
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
  const job = taskJobManifest(request, pods);
  const labels = job.metadata?.labels ?? {};
  assert.deepEqual(
    [labels['labels.kubernetes-task-runner/team'], labels['kueue.x-k8s.io/queue-name'], job.spec?.suspend],
    ['blue', 'night', true],
  );
  assert.equal(labels['kubernetes-task-runner/role'], 'task', 'a label of the job never takes the place of ours');
  assert.equal(job.spec?.activeDeadlineSeconds, 10 + 20 + 3600);
  const specs = [podOf(job), podOf(cleanupJobManifest(ref, 'out', pods, placementOf(request)))];
  for (const pod of specs) {
    assert.deepEqual([pod.nodeSelector, pod.priorityClassName], [{ disk: 'fast' }, 'urgent']);
    const seconds = pod.tolerations?.map(({ key, tolerationSeconds }) => [key, tolerationSeconds]);
    assert.deepEqual(seconds, [
      ['node.kubernetes.io/unreachable', 0],
      ['node.kubernetes.io/not-ready', 60],
    ]);
  }
  assert.equal(podOf(job).containers[0]?.imagePullPolicy, 'Always');
});

test('a Job makes one pod: none after a failure, and none beside one that is being deleted', () => {
  for (const { spec } of [taskJobManifest(ref, pods), cleanupJobManifest(ref, 'out', pods, placementOf(ref))]) {
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
  const jobs = [taskJobManifest(ref, pods, input), cleanupJobManifest(ref, 'out', pods, placementOf(ref))];
  for (const pod of jobs.map(podOf)) assert.equal(pod.automountServiceAccountToken, false);
  const containers = [podOf(jobs[0] as V1Job).initContainers?.[0], podOf(jobs[1] as V1Job).containers[0]];
  for (const container of containers) {
    assert.equal(container?.securityContext?.runAsNonRoot, true);
    assert.deepEqual(container.securityContext.capabilities?.drop, ['ALL']);
  }
});

test('no mesh puts a sidecar beside our containers', () => {
  const jobs = [taskJobManifest(ref, pods, input), cleanupJobManifest(ref, 'out', pods, placementOf(ref))];
  for (const { spec } of jobs) {
    const expected = { 'sidecar.istio.io/inject': 'false', 'linkerd.io/inject': 'disabled' };
    assert.deepEqual(spec?.template.metadata?.annotations, expected);
  }
});

test('the cleanup Job carries the annotations of the contract and prefers the node of the task', () => {
  const job = cleanupJobManifest(ref, 'out', pods, { ...placementOf(ref), nodeName: 'node-7' });
  assert.equal(job.metadata?.name, `${ref.name}-cleanup`);
  assert.deepEqual(job.metadata.annotations, { job_runner_job_type: 'cleanup', job_runner_related_job: ref.name });
  assert.match(JSON.stringify(podOf(job).affinity), /node-7/);
});

const labels = {
  'app.kubernetes.io/managed-by': 'kubernetes-task-runner',
  'kubernetes-task-runner/job-id': ref.id,
  'kubernetes-task-runner/job-name': ref.name,
};

const NO_MESH = { 'sidecar.istio.io/inject': 'false', 'linkerd.io/inject': 'disabled' };

test('the Job of the smallest task is this and nothing more', () => {
  const { metadata, spec } = taskJobManifest(ref, pods);
  const own = { ...labels, 'kubernetes-task-runner/role': 'task' };
  assert.deepEqual(metadata, { name: ref.name, labels: own });
  const { template, ...limits } = spec ?? {};
  assert.deepEqual(limits, {
    backoffLimit: 0,
    podReplacementPolicy: 'Failed',
    podFailurePolicy: {
      rules: [
        { action: 'FailJob', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] },
        { action: 'FailJob', onExitCodes: { operator: 'NotIn', values: [0] } },
      ],
    },
    activeDeadlineSeconds: 900 + 604_800 + 3600,
    ttlSecondsAfterFinished: 86_400,
  });
  assert.deepEqual(template?.metadata, { labels: own, annotations: NO_MESH });
  assert.deepEqual(template.spec?.volumes, [
    { name: 'output', persistentVolumeClaim: { claimName: `job-${ref.name}-output` } },
  ]);
  assert.deepEqual(template.spec.containers, [
    {
      name: 'task',
      image: 'python',
      imagePullPolicy: 'IfNotPresent',
      env: [],
      resources: { limits: { 'ephemeral-storage': '10Gi' }, requests: { 'ephemeral-storage': '0' } },
      securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['NET_RAW'] } },
      volumeMounts: [{ name: 'output', mountPath: '/output' }],
    },
  ]);
});

test('command, arguments and resources of a job are those of its container, with every dollar kept', () => {
  const resources = { limits: { memory: '64Mi', 'ephemeral-storage': '1Gi' } };
  const parameters = { docker_image: 'python', command: ['sh', '$A'], args: ['$(B)', 'c'], resources };
  const [task] = podOf(taskJobManifest(aRequest({ parameters }), pods)).containers;
  assert.deepEqual([task?.command, task?.args, task?.resources], [['sh', '$$A'], ['$$(B)', 'c'], resources]);
});

test('an input has its claim, its mount, and time to come and to let the task start after it', () => {
  const request = aRequest({ startTimeoutMs: 10_000, runTimeoutMs: 20_000, transferTimeoutMs: 30_500 });
  const job = taskJobManifest(request, pods, input);
  assert.equal(job.spec?.activeDeadlineSeconds, Math.ceil(10 + 20 + 30.5 + 10) + 3600);
  const pod = podOf(job);
  assert.deepEqual(pod.volumes?.slice(0, 2), [
    { name: 'output', persistentVolumeClaim: { claimName: `job-${ref.name}-output` } },
    { name: 'input', persistentVolumeClaim: { claimName: `job-${ref.name}-input` } },
  ]);
  assert.deepEqual(pod.containers[0]?.volumeMounts, [
    { name: 'output', mountPath: '/output' },
    { name: 'input', mountPath: '/input', readOnly: true },
  ]);
  const mounted = pod.initContainers?.[0]?.volumeMounts?.map(({ name }) => name) ?? [];
  assert.ok(mounted.every((name) => pod.volumes?.some((volume) => volume.name === name)));
});

test('the Job of the upload has the claim of the output, its own labels, and time to start and to send', () => {
  const placement = { startTimeoutMs: 10_000, transferTimeoutMs: 30_000 };
  const job = cleanupJobManifest(ref, 'attempts/a/uid.zip', pods, placement);
  assert.deepEqual(job.metadata?.labels, { ...labels, 'kubernetes-task-runner/role': 'cleanup' });
  assert.equal(job.spec?.activeDeadlineSeconds, 40 + 3600);
  assert.equal('suspend' in job.spec, false);
  const pod = podOf(job);
  assert.equal('affinity' in pod, false);
  assert.deepEqual(
    pod.volumes?.map(({ name }) => name),
    ['output', 'scratch', 'credentials'],
  );
  assert.deepEqual(pod.volumes?.[0]?.persistentVolumeClaim, { claimName: `job-${ref.name}-output` });
  assert.equal(pod.containers[0]?.securityContext?.runAsUser, 65532);
  const asOwner = podOf(cleanupJobManifest(ref, 'a.zip', pods, { ...placement, runAsUser: 1000 }));
  assert.equal(asOwner.containers[0]?.securityContext?.runAsUser, 1000);
});

test('a claim is of its job, and for one node at a time', () => {
  assert.deepEqual(claimManifest(ref, 'claim', { size: '2Gi' }), {
    metadata: { name: 'claim', labels },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '2Gi' } } },
  });
});
