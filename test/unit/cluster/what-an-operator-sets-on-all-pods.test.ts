import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { V1PodSpec } from '@kubernetes/client-node';
import { cleanupJobManifest, taskJobManifest } from '../../../cluster/manifests.ts';
import { onePodJobManifest } from '../../../cluster/one-pod.ts';
import type { EnforcedTerms } from '../../../config.ts';
import type { JobParameters } from '../../../workflows/parameters.ts';
import { placementOf } from '../../../workflows/state.ts';
import { aRequest, podOf, podSettings } from '../../support/objects.ts';

const input = { object: 'python-input.zip', sizeBytes: 10, crc32c: 'AAAAAA==' };

/** The pods of a job on claims, and that of a job in one pod. */
function podsOf(enforced: EnforcedTerms, parameters: Partial<JobParameters> = {}): readonly V1PodSpec[] {
  const settings = podSettings({ enforced });
  const request = aRequest({ parameters: { docker_image: 'python', ...parameters } });
  const ephemeral = { ...request, parameters: { ...request.parameters, storage: { mode: 'ephemeral' as const } } };
  const jobs = [
    taskJobManifest(request, settings, input),
    cleanupJobManifest(request, 'out', settings, placementOf(request)),
    onePodJobManifest(ephemeral, 'out', settings, input),
  ];
  return jobs.map(podOf);
}

test('every pod runs in the sandbox and the user namespace of the operator', () => {
  for (const pod of podsOf({ runtimeClass: 'gvisor', hasUserNamespace: true }))
    assert.deepEqual([pod.runtimeClassName, pod.hostUsers], ['gvisor', false]);
});

test('a pod names neither where the operator asks for neither', () => {
  for (const pod of podsOf({ hasUserNamespace: false }))
    assert.deepEqual(['runtimeClassName' in pod, 'hostUsers' in pod], [false, false]);
});

const FORCED: EnforcedTerms = {
  hasUserNamespace: false,
  nodeSelector: { pool: 'jobs' },
  tolerations: [{ key: 'dedicated', value: 'jobs', effect: 'NoSchedule' }],
};

test('every pod goes to the nodes of the operator, whatever its job asks for', () => {
  const own = {
    node_selector: { pool: 'system', disk: 'ssd' },
    tolerations: [{ key: 'gpu', operator: 'Exists' }],
  } as const;
  for (const pod of podsOf(FORCED, own)) {
    assert.deepEqual(pod.nodeSelector, { pool: 'jobs', disk: 'ssd' });
    assert.deepEqual(pod.tolerations?.slice(0, 2), [...own.tolerations, ...(FORCED.tolerations ?? [])]);
  }
  for (const pod of podsOf(FORCED)) assert.deepEqual(pod.nodeSelector, { pool: 'jobs' });
});

test('a toleration of a lost node that the operator sets takes the place of ours', () => {
  const tolerations = [{ key: 'node.kubernetes.io/unreachable', operator: 'Exists', tolerationSeconds: 300 }] as const;
  for (const pod of podsOf({ hasUserNamespace: false, tolerations })) {
    const seconds = pod.tolerations?.map(({ key, tolerationSeconds }) => [key, tolerationSeconds]);
    assert.deepEqual(seconds, [
      ['node.kubernetes.io/unreachable', 300],
      ['node.kubernetes.io/not-ready', 60],
    ]);
  }
});

test('a pod has no node selector where neither its job nor the operator asks for one', () => {
  for (const pod of podsOf({ hasUserNamespace: false, nodeSelector: {} })) assert.equal('nodeSelector' in pod, false);
});
