import type { V1Job, V1JobCondition, V1ObjectMeta, V1Pod } from '@kubernetes/client-node';
import { aCondition, aKubernetesJob, aPod, waiting } from './objects.ts';
import type { PodShape } from './objects.ts';

/** One thing that becomes true on the cluster: how the Job or its pod is now; without an object, it is gone. */
export type Moment =
  { readonly kind: 'job'; readonly object?: V1Job } | { readonly kind: 'pod'; readonly object?: V1Pod };

const STARTED_MS = 1_527_121_793_000;
export const DEADLINE_SECONDS = 60;
const GRACE_SECONDS = 10;

/** From its deletion on, at the deadline of the Job or before it. */
export function deletion(afterSeconds: number): V1ObjectMeta {
  const deletionTimestamp = new Date(STARTED_MS + (afterSeconds + GRACE_SECONDS) * 1000);
  return { deletionTimestamp, deletionGracePeriodSeconds: GRACE_SECONDS };
}

export const stoppedAt = (afterSeconds: number): Date => new Date(STARTED_MS + (afterSeconds + 1) * 1000);

function job(...conditions: readonly V1JobCondition[]): Moment {
  const object = aKubernetesJob('task', [...conditions]);
  const spec = { activeDeadlineSeconds: DEADLINE_SECONDS, template: {} };
  return { kind: 'job', object: { ...object, spec } };
}

export function pod(shape: PodShape, metadata: V1ObjectMeta = {}): Moment {
  const object = aPod(shape);
  return { kind: 'pod', object: { ...object, metadata: { ...object.metadata, ...metadata } } };
}

export const jobGone: Moment = { kind: 'job' };
export const podGone: Moment = { kind: 'pod' };

/** A Job that its queue may hold back, before the controller has seen it and after. */
export function beginnings(isQueued: boolean): Moment[] {
  const { metadata = {} } = aKubernetesJob();
  const created: Moment = { kind: 'job', object: { metadata } };
  const queued: Moment = {
    kind: 'job',
    object: { metadata, spec: { suspend: true, template: {} }, status: { conditions: [aCondition('Suspended')] } },
  };
  return isQueued ? [queued, job(aCondition('Suspended', { status: 'False' }))] : [created, job()];
}

export const HURDLES: readonly PodShape[] = [
  { status: { conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: 'no node' }] } },
  { main: waiting('ErrImagePull', 'dial tcp: i/o timeout') },
  { main: waiting('ImagePullBackOff', 'not found') },
  { main: waiting('CreateContainerConfigError', 'secret "later" not found') },
  { main: waiting('ContainerCreating') },
];

export const failed = (reason: string, message = ''): Moment[] => [
  job(aCondition('FailureTarget', { reason, message })),
  job(aCondition('Failed', { reason, message })),
];
/** As the failure policy of the Job keeps it. */
const failedPod = (message: string) => failed('PodFailurePolicy', message);
export const exitedWith = (exitCode: number, container = 'task'): Moment[] =>
  failedPod(
    `Container ${container} for pod default/words failed with exit code ${exitCode} matching FailJob rule at index 1`,
  );
export const disruption = failedPod(
  'Pod default/words has condition DisruptionTarget matching FailJob rule at index 0',
);
export const complete = [
  job(aCondition('SuccessCriteriaMet')),
  job(aCondition('SuccessCriteriaMet'), aCondition('Complete')),
];

export function deletedMetadata(): V1ObjectMeta {
  return { ...aKubernetesJob().metadata, deletionTimestamp: new Date(STARTED_MS + 1000) };
}
