import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { V1Job } from '@kubernetes/client-node';
import { taskJobManifest } from '../../../cluster/manifests.ts';
import { refIn, rolesIn } from '../../../cluster/names.ts';
import { onePodJobManifest } from '../../../cluster/one-pod.ts';
import { aRequest, podSettings } from '../../support/objects.ts';

const PLAIN = { team: 'blue', 'example.com/cost-center': '12' };
/** Labels by which webhooks and policies choose pods. */
const SWITCHES = { 'azure.workload.identity/use': 'true', 'sidecar.istio.io/inject': 'true', app: 'database' };
const OURS = { 'kubernetes-task-runner/role': 'cleanup', 'kubernetes-task-runner/job-id': 'other' };

/** The Jobs of a job on claims, and of one in one pod. */
function jobsWith(labels: Readonly<Record<string, string>>, allowedLabels: readonly string[] = []): readonly V1Job[] {
  const settings = podSettings({ allowedLabels });
  const request = aRequest({ parameters: { docker_image: 'python', labels } });
  const ephemeral = { ...request, parameters: { ...request.parameters, storage: { mode: 'ephemeral' as const } } };
  return [taskJobManifest(request, settings), onePodJobManifest(ephemeral, 'out', settings)];
}

/** The labels of each Job and of its pod. */
function labelsOn(jobs: readonly V1Job[]): readonly Readonly<Record<string, string>>[] {
  return jobs.flatMap(({ metadata, spec }) => [metadata?.labels ?? {}, spec?.template.metadata?.labels ?? {}]);
}

test('labels of a job stand on its Job and its pod under a prefix of ours, where no webhook looks for them', () => {
  for (const labels of labelsOn(jobsWith({ ...PLAIN, ...SWITCHES }))) {
    assert.equal(labels['labels.kubernetes-task-runner/team'], 'blue');
    assert.equal(labels['example.com.labels.kubernetes-task-runner/cost-center'], '12');
    assert.equal(labels['azure.workload.identity.labels.kubernetes-task-runner/use'], 'true');
    for (const key of Object.keys({ ...PLAIN, ...SWITCHES })) assert.ok(!(key in labels), key);
  }
});

test('keys that the operator allows stand there as they are', () => {
  for (const labels of labelsOn(jobsWith({ ...PLAIN, ...SWITCHES }, ['example.com/cost-center', 'app']))) {
    assert.deepEqual([labels['example.com/cost-center'], labels['app']], ['12', 'database']);
    assert.ok(!('example.com.labels.kubernetes-task-runner/cost-center' in labels));
    assert.ok(!('azure.workload.identity/use' in labels));
  }
  for (const labels of labelsOn(jobsWith(SWITCHES, ['*']))) assert.equal(labels['sidecar.istio.io/inject'], 'true');
});

test('no label of a job takes the place of one by which its objects are found', () => {
  for (const job of jobsWith(OURS, ['*'])) {
    for (const labels of labelsOn([job])) assert.equal(refIn(labels)?.id, aRequest().id);
    assert.ok(rolesIn(job.metadata?.labels).includes('task'));
  }
});

test('a key that would be too long with the prefix is left out, as the cluster would refuse the whole Job', () => {
  const prefix = (length: number) => `${'a.'.repeat(length)}a`.slice(0, length);
  const longest = 253 - '.labels.kubernetes-task-runner'.length;
  const keys = [`${prefix(longest)}/b`, `${prefix(longest + 2)}/b`];
  for (const labels of labelsOn(jobsWith(Object.fromEntries(keys.map((key) => [key, 'x']))))) {
    assert.deepEqual(
      Object.keys(labels).filter((key) => key.startsWith('a.a')),
      [`${prefix(longest)}.labels.kubernetes-task-runner/b`],
    );
  }
});
