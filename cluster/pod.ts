import type { V1ContainerStatus, V1Pod, V1PodSpec, V1Toleration } from '@kubernetes/client-node';
import type { EnforcedTerms } from '../config.ts';
import { DEFAULT_GRACE_SECONDS } from '../workflows/parameters.ts';
import type { JobParameters, Toleration } from '../workflows/parameters.ts';
import { TRANSFER_UID } from './transfer-containers.ts';

/** A lost node is noticed by the cluster after 50 s; a minute more lets a rebooted kubelet come back. */
const NODE_LOSS_TOLERATION_SECONDS = 60;

/** Where and how urgently a pod runs, and how long its containers have to end. */
export type PodTerms = Pick<JobParameters, 'node_selector' | 'tolerations' | 'priority_class' | 'grace_seconds'>;

/** What every pod of ours has in common. */
export function basePod(
  { node_selector, tolerations = [], priority_class, grace_seconds = DEFAULT_GRACE_SECONDS }: PodTerms,
  enforced: EnforcedTerms,
): Omit<V1PodSpec, 'containers'> {
  const { runtimeClass, hasUserNamespace } = enforced;
  const allTolerations = [...tolerations, ...(enforced.tolerations ?? [])];
  const nodeSelector = { ...node_selector, ...enforced.nodeSelector };
  return {
    restartPolicy: 'Never',
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    terminationGracePeriodSeconds: grace_seconds,
    securityContext: {
      fsGroup: TRANSFER_UID,
      // The modes of what the task wrote stay as they are when the cleanup pod mounts the claim.
      fsGroupChangePolicy: 'OnRootMismatch',
      seccompProfile: { type: 'RuntimeDefault' },
    },
    tolerations: [...allTolerations, ...nodeLossTolerations(allTolerations)],
    ...(Object.keys(nodeSelector).length > 0 && { nodeSelector }),
    ...(priority_class !== undefined && { priorityClassName: priority_class }),
    ...(runtimeClass !== undefined && { runtimeClassName: runtimeClass }),
    ...(hasUserNamespace && { hostUsers: false }),
  };
}

/** How long a pod outlives its node, unless the job or the operator sets it. */
function nodeLossTolerations(given: readonly Toleration[]): V1Toleration[] {
  return ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable']
    .filter((key) => !given.some((toleration) => toleration.key === key))
    .map((key) => ({
      key,
      operator: 'Exists',
      effect: 'NoExecute',
      tolerationSeconds: NODE_LOSS_TOLERATION_SECONDS,
    }));
}

/** Any node will do, but this one is better. */
export function preferNode(nodeName: string): NonNullable<V1PodSpec['affinity']> {
  const matchExpressions = [{ key: 'kubernetes.io/hostname', operator: 'In', values: [nodeName] }];
  return {
    nodeAffinity: {
      preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 100, preference: { matchExpressions } }],
    },
  };
}

/** What the node says of each container of the pod, in the order in which they run. */
export function statusesOf({ status }: Pick<V1Pod, 'status'> = {}): V1ContainerStatus[] {
  return [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])];
}

/**
 * True when all containers of the pod have ended, and it is not over all the same: for a second or two its node takes down what it was made
 * of. Of a pod that is over the cluster lets go at once by itself.
 */
export function lingers(pod: Pick<V1Pod, 'spec' | 'status'>): boolean {
  const { spec, status } = pod;
  if (status?.phase === 'Succeeded' || status?.phase === 'Failed') return false;
  const statuses = statusesOf(pod);
  const count = (spec?.initContainers?.length ?? 0) + (spec?.containers.length ?? 0);
  return count > 0 && statuses.length === count && statuses.every(({ state }) => state?.terminated !== undefined);
}
