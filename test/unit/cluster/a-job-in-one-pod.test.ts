import assert from 'node:assert/strict';
import { test } from 'node:test';
import { onePodJobManifest, onePodTimeMs } from '../../../cluster/one-pod.ts';
import type { JobRequest } from '../../../workflows/contract.ts';
import type { JobParameters } from '../../../workflows/parameters.ts';
import { aRequest, podOf, podSettings } from '../../support/objects.ts';

const settings = podSettings({ ephemeralStorage: '1Gi', claimSize: '2Gi' });
const input = { object: 'python-input.zip', sizeBytes: 10, crc32c: 'AAAAAA==' };
const GIB = 1024 ** 3;
const SPARE_BYTES = 64 * 1024 ** 2;

function inOnePod(change: Partial<JobParameters> = {}, more: Partial<JobRequest> = {}): JobRequest {
  return aRequest({ parameters: { docker_image: 'python', storage: { mode: 'ephemeral' }, ...change }, ...more });
}

const names = (containers: readonly { name: string }[] = []) => containers.map(({ name }) => name);

test('input, task and upload follow each other, so that what fails keeps the next from starting', () => {
  const pod = podOf(onePodJobManifest(inOnePod(), 'out', settings, input));
  assert.deepEqual([names(pod.initContainers), names(pod.containers)], [['input', 'task'], ['cleanup']]);
});

test('an upload that has to come in any case waits beside the task to be told', () => {
  const pod = podOf(onePodJobManifest(inOnePod({ outputs_on: 'always' }), 'out', settings, input));
  assert.deepEqual([names(pod.initContainers), names(pod.containers)], [['input'], ['task', 'cleanup']]);
  const cleanup = pod.containers[1];
  assert.equal(cleanup?.env?.find(({ name }) => name === 'TRANSFER_WORD')?.value, '/word/send');
  const word = pod.volumes?.find(({ name }) => name === 'word')?.downwardAPI?.items?.[0];
  assert.equal(word?.fieldRef?.fieldPath, "metadata.annotations['kubernetes-task-runner/send']");
});

test('a task beside its upload is ended by the node when it has run for too long, by the second at which nobody doubts it', () => {
  const request = inOnePod({ outputs_on: 'always' }, { runTimeoutMs: 4_500 });
  const [task, cleanup] = podOf(onePodJobManifest(request, 'out', settings)).containers;
  const { initialDelaySeconds, failureThreshold } = task?.livenessProbe ?? {};
  assert.deepEqual([initialDelaySeconds, failureThreshold], [5 + 1, 1]);
  assert.equal(cleanup?.livenessProbe, undefined);
});

test('there are no claims: the folders of the pod have the size that the job asks for', () => {
  const request = inOnePod({ storage: { mode: 'ephemeral', size: '3Gi' } });
  const { volumes = [] } = podOf(onePodJobManifest(request, 'out', settings, input));
  assert.deepEqual(volumes.map(({ name, emptyDir }) => [name, emptyDir?.sizeLimit]).slice(0, 2), [
    ['output', '3Gi'],
    ['input', '3Gi'],
  ]);
  assert.ok(volumes.every(({ persistentVolumeClaim }) => persistentVolumeClaim === undefined));
});

test('the pod as a whole may hold what its folders and its task may', () => {
  const [cleanup] = podOf(onePodJobManifest(inOnePod(), 'out', settings, input)).containers;
  assert.equal(
    cleanup?.resources?.limits?.['ephemeral-storage'],
    String(3 * SPARE_BYTES + 2 * input.sizeBytes + (2 + 2 + 1) * GIB),
  );
  const beside = podOf(onePodJobManifest(inOnePod({ outputs_on: 'always' }), 'out', settings));
  const limits = beside.containers.map(({ resources }) => resources?.limits?.['ephemeral-storage']);
  assert.deepEqual(limits, ['1Gi', String(3 * SPARE_BYTES + 2 * GIB)]);
});

test('the Job says what it is, and lasts as long as all that its pod has to do', () => {
  const request = inOnePod({}, { startTimeoutMs: 1_000, runTimeoutMs: 2_000, transferTimeoutMs: 4_000, input });
  const job = onePodJobManifest(request, 'out', settings, input);
  assert.equal(job.metadata?.labels?.['kubernetes-task-runner/storage-mode'], 'ephemeral');
  assert.equal(job.spec?.template.metadata?.labels?.['kubernetes-task-runner/role'], 'task');
  assert.equal(onePodTimeMs(request), 1_000 + 4_000 + 1_000 + 2_000 + 1_000 + 4_000);
  assert.equal(job.spec?.activeDeadlineSeconds, 13 + 3600);
});

test('the containers have the grace that the job asks for', () => {
  assert.equal(podOf(onePodJobManifest(inOnePod(), 'out', settings)).terminationGracePeriodSeconds, 10);
  const pod = podOf(onePodJobManifest(inOnePod({ grace_seconds: 60 }), 'out', settings));
  assert.equal(pod.terminationGracePeriodSeconds, 60);
});
