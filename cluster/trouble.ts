import type { V1ContainerStatus, V1Job, V1Pod } from '@kubernetes/client-node';
import type { ContainerRole, FailureReason, JobPhase, JobRole } from '../workflows/contract.ts';
import type { Trouble } from '../workflows/observation.ts';
import { failureOf } from '../workflows/reasons.ts';
import { QUEUE_LABEL } from './names.ts';

interface Rule {
  readonly reason: FailureReason;
  readonly patience: Trouble['patience'];
}

/** What the kubelet waits for, when waiting is a sign of trouble. `ErrImagePull` is read further below. */
const WAITING_RULES: Readonly<Record<string, Rule>> = {
  InvalidImageName: { reason: 'InvalidImageName', patience: 'now' },
  ErrImageNeverPull: { reason: 'ImageNotFound', patience: 'now' },
  CreateContainerConfigError: { reason: 'ConfigError', patience: 'grace' },
  CreateContainerError: { reason: 'ConfigError', patience: 'grace' },
  RunContainerError: { reason: 'ConfigError', patience: 'grace' },
};

const PULL_REASONS = new Set(['ErrImagePull', 'ImagePullBackOff']);
const UNAUTHORIZED = /unauthorized|authentication required|access denied|denied:|403 forbidden|401 unauthorized/i;
const OVERLOADED = /context deadline exceeded|failed to reserve container name/i;
const NOT_FOUND = /not found|manifest unknown|name unknown|does not exist/i;

/** Why a pod does not start; undefined while nothing is wrong with it. */
export function troubleOf(role: JobRole, pod: V1Pod): Trouble | undefined {
  return waitingTrouble(role, pod) ?? schedulingTrouble(role, pod);
}

function waitingTrouble(role: JobRole, pod: V1Pod): Trouble | undefined {
  const statuses = [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])];
  for (const status of statuses) {
    const rule = ruleOf(status);
    if (!rule) continue;
    const waiting = status.state?.waiting;
    const message = waiting?.message ?? waiting?.reason ?? '';
    const container = status.name as ContainerRole;
    return { patience: rule.patience, failure: failureOf(rule.reason, startPhaseOf(role), message, { container }) };
  }
  return undefined;
}

function ruleOf(status: V1ContainerStatus): Rule | undefined {
  const { reason = '', message = '' } = status.state?.waiting ?? {};
  if (PULL_REASONS.has(reason)) return pullRule(message);
  const rule = WAITING_RULES[reason];
  // A runtime that did not answer in time is asked again by the kubelet, and nothing is wrong with the container.
  return rule?.reason === 'ConfigError' && OVERLOADED.test(message)
    ? { reason: 'StartTimeout', patience: 'wait' }
    : rule;
}

/** A registry that says no is believed after a grace; one that cannot be reached may come back. */
function pullRule(message: string): Rule {
  if (UNAUTHORIZED.test(message)) return { reason: 'ImageUnauthorized', patience: 'grace' };
  if (NOT_FOUND.test(message)) return { reason: 'ImageNotFound', patience: 'grace' };
  return { reason: 'ImagePullTimeout', patience: 'wait' };
}

function schedulingTrouble(role: JobRole, pod: V1Pod): Trouble | undefined {
  const condition = pod.status?.conditions?.find(({ type, status }) => type === 'PodScheduled' && status === 'False');
  if (condition?.reason !== 'Unschedulable') return undefined;
  const failure = failureOf('Unschedulable', startPhaseOf(role), condition.message ?? 'no node fits');
  return { patience: 'wait', failure };
}

/** A Job that a queue holds back has no pod yet. */
export function queuedTrouble(job: V1Job): { readonly trouble?: Trouble } {
  if (job.spec?.suspend !== true) return {};
  const queue = job.metadata?.labels?.[QUEUE_LABEL];
  const message = `the Job is suspended: its queue ${queue ?? ''} has not admitted it`;
  return { trouble: { patience: 'wait', failure: failureOf('StartTimeout', 'starting', message) } };
}

function startPhaseOf(role: JobRole): JobPhase {
  return role === 'task' ? 'starting' : 'uploading';
}
