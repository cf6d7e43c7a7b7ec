import type { V1Job, V1PodFailurePolicy, V1PodSpec } from '@kubernetes/client-node';
import type { JobRole } from '../workflows/contract.ts';
import type { JobRef } from '../workflows/observation.ts';
import { kubernetesJobOf, labelsOf, QUEUE_LABEL } from './names.ts';

/** Backstop of the backstop: the service deletes a Job when the job ends, the cluster after a day. */
const TTL_AFTER_FINISHED_SECONDS = 24 * 3600;

/**
 * The service keeps the deadlines itself, and so can keep log and output. This is for when it cannot: the cluster ends a Job that is
 * so much later.
 */
const DEADLINE_MARGIN_SECONDS = 3600;

/**
 * Keeps in the condition of the Job why its pod failed, for when the pod is gone before anybody has read it. No pod is made again
 * either way: the workflow decides about that. A pod that failed without an exit code and without a disruption meets no rule.
 * @see https://kubernetes.io/docs/concepts/workloads/controllers/job/#pod-failure-policy
 */
const FAILURE_POLICY: V1PodFailurePolicy = {
  rules: [
    { action: 'FailJob', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] },
    { action: 'FailJob', onExitCodes: { operator: 'NotIn', values: [0] } },
  ],
};

/** A sidecar of a mesh would outlive the task, or end before an upload has: its Job would never be complete, or the output cut off. */
const NO_MESH = { 'sidecar.istio.io/inject': 'false', 'linkerd.io/inject': 'disabled' };

/** What a client chose of the Job itself. */
interface JobTerms {
  /** As they stand on objects. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Queue of Kueue. */
  readonly queue?: string | undefined;
}

/**
 * A Kubernetes Job of ours, which makes one pod and never another.
 * @param deadlineMs what the service allows all waits together
 */
export function jobManifest(
  ref: JobRef,
  role: JobRole,
  pod: V1PodSpec,
  deadlineMs: number,
  { labels: ownLabels = {}, queue }: JobTerms = {},
): V1Job {
  const labels = { ...ownLabels, ...labelsOf(ref, role) };
  const isQueued = queue !== undefined;
  return {
    metadata: {
      name: kubernetesJobOf(ref, role),
      labels: { ...labels, ...(isQueued && { [QUEUE_LABEL]: queue }) },
    },
    spec: {
      // A Job for Kueue is made suspended: the queue lets it go.
      ...(isQueued && { suspend: true }),
      backoffLimit: 0,
      // Otherwise a pod that is deleted or evicted gets a second one at once, while the first still runs.
      podReplacementPolicy: 'Failed',
      podFailurePolicy: FAILURE_POLICY,
      activeDeadlineSeconds: Math.ceil(deadlineMs / 1000) + DEADLINE_MARGIN_SECONDS,
      ttlSecondsAfterFinished: TTL_AFTER_FINISHED_SECONDS,
      template: { metadata: { labels, annotations: { ...NO_MESH } }, spec: pod },
    },
  };
}
