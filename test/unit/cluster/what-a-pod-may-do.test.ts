import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { V1Container, V1Job, V1PodSpec } from '@kubernetes/client-node';
import type { PodSecurity } from '../../../config.ts';
import { cleanupJobManifest, taskJobManifest } from '../../../cluster/manifests.ts';
import { onePodJobManifest } from '../../../cluster/one-pod.ts';
import { TRANSFER_UID } from '../../../cluster/transfer-containers.ts';
import type { CleanupPlacement } from '../../../workflows/observation.ts';
import { placementOf } from '../../../workflows/state.ts';
import { aRequest, podOf, podSettings } from '../../support/objects.ts';

const LEVELS = ['baseline', 'restricted'] as const;
const request = aRequest();
const input = { object: 'python-input.zip', sizeBytes: 1000, crc32c: 'AAAAAA==' };

/** Pods of all kinds: with an input and without, the upload as itself and as the owner of the files. */
function podsOf(security: PodSecurity): readonly V1PodSpec[] {
  const transfer = { image: 'transfer', bucketName: 'bucket', credentials: 'secret' } as const;
  const pods = podSettings({ security, transfer });
  const cleanup = (runAsUser?: number) =>
    cleanupJobManifest(request, 'out', pods, { ...placementOf(request), ...(runAsUser && { runAsUser }) });
  const jobs: readonly V1Job[] = [
    taskJobManifest(request, pods),
    taskJobManifest(request, pods, input),
    cleanup(),
    cleanup(1000),
  ];
  return jobs.flatMap(({ spec }) => spec?.template.spec ?? []);
}

function containersOf({ initContainers = [], containers }: V1PodSpec): readonly V1Container[] {
  return [...initContainers, ...containers];
}

const VOLUMES_OF_RESTRICTED = new Set(['name', 'emptyDir', 'persistentVolumeClaim', 'secret']);

test('no pod has a token or the addresses of services, shares anything with its node, or makes calls beyond the default of the runtime', () => {
  for (const pod of LEVELS.flatMap(podsOf)) {
    assert.deepEqual([pod.automountServiceAccountToken, pod.enableServiceLinks], [false, false]);
    assert.equal(pod.securityContext?.seccompProfile?.type, 'RuntimeDefault');
    for (const shared of ['hostNetwork', 'hostPID', 'hostIPC', 'shareProcessNamespace']) assert.ok(!(shared in pod));
    for (const volume of pod.volumes ?? [])
      for (const kind of Object.keys(volume)) assert.ok(VOLUMES_OF_RESTRICTED.has(kind), kind);
  }
});

test('no container can become more than it is, or write to the disk of its node without a limit', () => {
  for (const container of LEVELS.flatMap(podsOf).flatMap(containersOf)) {
    assert.equal(container.securityContext?.allowPrivilegeEscalation, false, container.name);
    assert.ok(!('privileged' in container.securityContext));
    assert.ok(container.resources?.limits?.['ephemeral-storage'], container.name);
    assert.equal(container.resources.requests?.['ephemeral-storage'], '0', 'a limit alone would be a request, too');
  }
});

test('of a restricted pod every container says that it is not root, and has no capability', () => {
  for (const { name, securityContext } of podsOf('restricted').flatMap(containersOf)) {
    assert.equal(securityContext?.runAsNonRoot, true, name);
    assert.deepEqual(securityContext.capabilities, { drop: ['ALL'] }, name);
    assert.notEqual(securityContext.runAsUser, 0, name);
  }
});

test('the baseline takes an image with the user and the capabilities that it has, but for raw packets', () => {
  for (const { name, securityContext } of podsOf('baseline').flatMap(containersOf)) {
    const capabilities = { drop: ['NET_RAW'] };
    if (name === 'task') assert.deepEqual(securityContext, { allowPrivilegeEscalation: false, capabilities });
  }
});

test('no container can forge packets', () => {
  for (const { name, securityContext } of LEVELS.flatMap(podsOf).flatMap(containersOf)) {
    const dropped = securityContext?.capabilities?.drop ?? [];
    assert.ok(dropped.includes('NET_RAW') || dropped.includes('ALL'), name);
    assert.equal(securityContext?.capabilities?.add, undefined, name);
  }
});

test('an upload runs as root where only root can read the output, unless nothing may be root', () => {
  const asRoot = { ...placementOf(request), runAsUser: 0 };
  const userWith = (security: PodSecurity) => {
    const job = cleanupJobManifest(request, 'out', podSettings({ security }), asRoot);
    const { runAsUser, runAsNonRoot } = job.spec?.template.spec?.containers[0]?.securityContext ?? {};
    return [runAsUser, runAsNonRoot];
  };
  assert.deepEqual(
    [userWith('baseline'), userWith('restricted')],
    [
      [0, false],
      [TRANSFER_UID, true],
    ],
  );
});

test('an upload leaves out what it may not read when no other user could read more', () => {
  const reading = (job: V1Job) =>
    containersOf(podOf(job))
      .find(({ name }) => name === 'cleanup')
      ?.env?.find(({ name }) => name === 'TRANSFER_UNREADABLE')?.value;
  const cleanup = (change: Partial<CleanupPlacement>) =>
    reading(cleanupJobManifest(request, 'out', podSettings(), { ...placementOf(request), ...change }));
  assert.deepEqual([cleanup({}), cleanup({ runAsUser: 1234 })], [undefined, 'skip']);
  assert.equal(reading(onePodJobManifest(request, 'out', podSettings())), 'skip');
});

test('the scratch folder has room for the zip twice, and the container for more than that', () => {
  const large = { ...input, sizeBytes: 5 * 1024 ** 3 };
  const pod = taskJobManifest(request, podSettings(), large).spec?.template.spec;
  const sizeLimit = Number(pod?.volumes?.find(({ name }) => name === 'scratch')?.emptyDir?.sizeLimit);
  const limit = Number(pod?.initContainers?.[0]?.resources?.limits?.['ephemeral-storage']);
  assert.ok(sizeLimit > 2 * large.sizeBytes);
  assert.ok(limit > sizeLimit);
});
