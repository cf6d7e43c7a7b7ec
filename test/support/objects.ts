import assert from 'node:assert/strict';
import type {
  V1ContainerState,
  V1ContainerStatus,
  V1Job,
  V1JobCondition,
  V1Pod,
  V1PodSpec,
} from '@kubernetes/client-node';
import type { PodSettings } from '../../cluster/pod-settings.ts';
import type { JobRequest, JobRole } from '../../workflows/contract.ts';
import type { Observation } from '../../workflows/observation.ts';
import { JOB_ID_LABEL, kubernetesJobOf, labelsOf } from '../../cluster/names.ts';

/** Builders of objects for tests: whole and valid, with only what a test is about changed. */

/** Not that of the document's samples, which its test asks for. */
const JOB_ID = '5b1f2b1e-3c0a-4d57-9d6e-2f6d3f1f8a10';

export function aRequest(change: Partial<JobRequest> = {}): JobRequest {
  return {
    id: JOB_ID,
    name: 'python-1527121792553',
    created: 1_527_121_792_553,
    parameters: { docker_image: 'python' },
    synchronizationIntervalMs: 30_000,
    startTimeoutMs: 900_000,
    runTimeoutMs: 604_800_000,
    transferTimeoutMs: 21_600_000,
    ...change,
  };
}

/** What a service decides about pods: as by default, with a bucket that is nowhere. */
export function podSettings(change: Partial<PodSettings> = {}): PodSettings {
  const transfer = { image: 'transfer', bucketName: 'bucket', credentials: 'ambient' } as const;
  return {
    transfer,
    security: 'baseline',
    ephemeralStorage: '10Gi',
    claimSize: '10Gi',
    enforced: { hasUserNamespace: false },
    allowedLabels: [],
    ...change,
  };
}

/** What a Job asks of its pod. */
export function podOf(job: V1Job): V1PodSpec {
  const pod = job.spec?.template.spec;
  assert.ok(pod);
  return pod;
}

export function anObservation(change: Partial<Observation> = {}): Observation {
  return { role: 'task', jobUid: 'task-uid', podName: 'pod', podUid: 'pod-uid', stage: 'pending', ...change };
}

export function aKubernetesJob(role: JobRole = 'task', conditions: V1JobCondition[] = []): V1Job {
  const ref = aRequest();
  return {
    metadata: { name: kubernetesJobOf(ref, role), uid: `${role}-uid`, labels: labelsOf(ref, role) },
    status: { conditions, startTime: new Date(1_527_121_793_000) },
  };
}

export function aCondition(type: string, change: Partial<V1JobCondition> = {}): V1JobCondition {
  return { type, status: 'True', ...change };
}

export interface PodShape {
  readonly phase?: string;
  readonly role?: JobRole;
  readonly name?: string;
  readonly main?: V1ContainerState;
  readonly init?: V1ContainerState;
  readonly memoryLimit?: string;
  readonly status?: Partial<NonNullable<V1Pod['status']>>;
}

export function aPod({
  phase = 'Pending',
  role = 'task',
  name,
  main,
  init,
  memoryLimit,
  status,
}: PodShape = {}): V1Pod {
  const ref = aRequest();
  const resources = memoryLimit ? { limits: { memory: memoryLimit } } : {};
  return {
    metadata: {
      name: name ?? `${kubernetesJobOf(ref, role)}-x7k2p`,
      uid: `${role}-pod-uid`,
      labels: { ...labelsOf(ref, role), [JOB_ID_LABEL]: ref.id },
      creationTimestamp: new Date(1_527_121_793_000),
      ownerReferences: [{ apiVersion: 'batch/v1', kind: 'Job', name: ref.name, uid: `${role}-uid` }],
    },
    spec: { nodeName: 'node-1', containers: [{ name: role, resources }] },
    status: {
      phase,
      ...(main && { containerStatuses: [containerStatus(role, main)] }),
      ...(init && { initContainerStatuses: [containerStatus('input', init)] }),
      ...status,
    },
  };
}

export const waiting = (reason: string, message = ''): V1ContainerState => ({ waiting: { reason, message } });
export const running: V1ContainerState = { running: { startedAt: new Date(1_527_121_794_000) } };
export const ended = (
  exitCode: number,
  change: Partial<NonNullable<V1ContainerState['terminated']>> = {},
): V1ContainerState => ({
  terminated: { exitCode, ...change },
});

function containerStatus(name: string, state: V1ContainerState): V1ContainerStatus {
  return { name, state, image: 'image', imageID: '', ready: false, restartCount: 0 };
}
