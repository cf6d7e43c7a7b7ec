import { Readable } from 'node:stream';
import { CoreV1Api } from '@kubernetes/client-node';
import type { KubeConfig, V1Pod } from '@kubernetes/client-node';
import type { Bucket } from '../../../bucket/bucket.ts';
import { MANAGED_BY, MANAGED_BY_LABEL, ROLE_LABEL } from '../../../cluster/names.ts';
import { formatTransferReport } from '../../../transfer/report.ts';
import type { JobRole } from '../../../workflows/contract.ts';
import type { Profile } from '../../../deploy/local/profile.ts';
import type { Closing } from '../../support/scope.ts';
import { playLogs } from './fake-logs.ts';
import { follow } from './following.ts';
import type { Following } from './following.ts';
import type { ScaledService } from './service.ts';

/** A zip of nothing: the record that ends its directory. */
const EMPTY_ZIP = Buffer.concat([Buffer.from('PK\u0005\u0006'), Buffer.alloc(18)]);

/** Follows the pods of one role of all jobs in `namespace`. */
async function followPods(
  scope: Closing,
  kubeConfig: KubeConfig,
  namespace: string,
  role: JobRole,
  onChange?: (pod: V1Pod) => void,
): Promise<Following<V1Pod>> {
  const core = kubeConfig.makeApiClient(CoreV1Api);
  const labelSelector = `${MANAGED_BY_LABEL}=${MANAGED_BY},${ROLE_LABEL}=${role}`;
  return await follow<V1Pod>(scope, kubeConfig, {
    path: `/api/v1/namespaces/${namespace}/pods`,
    labelSelector,
    list: () => core.listNamespacedPod({ namespace, labelSelector }),
    ...(onChange && { onChange }),
  });
}

/** True while the container of a pod runs, as far as anybody knows. */
export function isRunning({ metadata, status }: V1Pod): boolean {
  return metadata?.deletionTimestamp === undefined && status?.phase === 'Running';
}

/** Follows the pods of all tasks of the service, and answers for their logs. */
export async function playTasks(
  scope: Closing,
  profile: Profile,
  { kubeConfig, namespace }: Pick<ScaledService, 'kubeConfig' | 'namespace'>,
): Promise<Following<V1Pod>> {
  const logs = await playLogs(scope, profile);
  // A pod whose container has not begun has no log yet, and is asked for none.
  const notice = (pod: V1Pod) => logs.notice(pod, pod.status?.phase === 'Pending' || isRunning(pod));
  return await followPods(scope, kubeConfig, namespace, 'task', notice);
}

/** Ends the container of a pod on a fake node with 0, as a kubelet would write it. */
export async function endContainer(kubeConfig: KubeConfig, pod: V1Pod, message = ''): Promise<void> {
  const { name = '', namespace = '' } = pod.metadata ?? {};
  const [running] = pod.status?.containerStatuses ?? [];
  const startedAt = running?.state?.running?.startedAt;
  const terminated = { exitCode: 0, reason: 'Completed', startedAt, finishedAt: new Date(), message };
  const body = [
    { op: 'replace', path: '/status/phase', value: 'Succeeded' },
    { op: 'replace', path: '/status/containerStatuses/0', value: { ...running, ready: false, state: { terminated } } },
  ];
  await kubeConfig.makeApiClient(CoreV1Api).patchNamespacedPodStatus({ name, namespace, body });
}

/**
 * Does the work of every upload in `namespace`, which has no container to do it: writes the object that its pod was told to, and ends
 * the pod with the report of what stands in the bucket. So the service verifies a real object, as ever.
 */
export async function playUploads(
  scope: Closing,
  kubeConfig: KubeConfig,
  namespace: string,
  bucket: Bucket,
): Promise<void> {
  const played = new Set<string>();
  const play = async (pod: V1Pod) => {
    const object = variableOf(pod, 'TRANSFER_OBJECT');
    const written = await bucket.write(object, Readable.from([EMPTY_ZIP]));
    await endContainer(kubeConfig, pod, formatTransferReport({ ok: true, files: 0, ...written }));
  };
  await followPods(scope, kubeConfig, namespace, 'cleanup', (pod) => {
    const uid = pod.metadata?.uid ?? '';
    if (!isRunning(pod) || played.has(uid)) return;
    played.add(uid);
    play(pod).catch((error: unknown) => console.error(`  upload of ${pod.metadata?.name} failed: ${String(error)}`));
  });
}

function variableOf(pod: V1Pod, name: string): string {
  return pod.spec?.containers[0]?.env?.find((variable) => variable.name === name)?.value ?? '';
}
