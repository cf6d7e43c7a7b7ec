import type { V1ContainerStatus, V1Job, V1Pod } from '@kubernetes/client-node';
import type { ContainerRole, JobRole } from '../workflows/contract.ts';
import type { FailureReason } from '../workflows/failure-reasons.ts';
import type { Trouble } from '../workflows/observation.ts';
import { failureOf } from '../workflows/reasons.ts';
import { QUEUE_LABEL } from './names.ts';
import { startPhaseOf, statusesIn } from './parts.ts';
import { isRuntimeAway } from './runtime.ts';
import { COMMAND_HINT, commandFaultIn, isOutOfMemoryAtStart } from './start-error.ts';

interface Rule {
  readonly reason: FailureReason;
  readonly patience: Trouble['patience'];
  /** What to do about it, when the reason alone does not tell. */
  readonly hint?: string;
  /** What is told in the place of the message of the kubelet. */
  readonly message?: string;
  readonly exitCode?: number;
}

/** What the kubelet waits for, when waiting is a sign of trouble. `ErrImagePull` is read further below. */
const WAITING_RULES: Readonly<Record<string, Rule>> = {
  InvalidImageName: { reason: 'InvalidImageName', patience: 'now' },
  ErrImageNeverPull: { reason: 'ImageNotFound', patience: 'now' },
  CreateContainerConfigError: { reason: 'ConfigError', patience: 'grace' },
  CreateContainerError: { reason: 'ConfigError', patience: 'grace' },
  RunContainerError: { reason: 'ConfigError', patience: 'grace' },
  SignatureValidationFailed: { reason: 'ConfigError', patience: 'grace' },
};

const PULL_REASONS = new Set(['ErrImagePull', 'ImagePullBackOff']);
const UNAUTHORIZED = /unauthorized|authentication required|access denied|denied:|403 forbidden|401 unauthorized/i;
const BEING_CREATED = /failed to reserve container name/i;
const NOT_FOUND = /not found|manifest unknown|name unknown|does not exist/i;

/** A kubelet does not start what would be root, or may be, where that is not allowed. */
const WOULD_BE_ROOT = /runAsNonRoot|non-root policy/;
const ROOT_RULE: Rule = {
  reason: 'ConfigError',
  patience: 'now',
  hint: 'give the image a USER by its number, other than 0: no container may run as root here',
};

/** A claim is made before its pod; a scheduler may be behind. */
const LOST_CLAIM = /persistentvolumeclaim "[^"]*" (?:not found|is being deleted)/;

/** Why a pod does not start; undefined while nothing is wrong with it. */
export function troubleOf(role: JobRole, pod: V1Pod): Trouble | undefined {
  return waitingTrouble(role, pod) ?? schedulingTrouble(role, pod);
}

function waitingTrouble(role: JobRole, pod: V1Pod): Trouble | undefined {
  for (const status of statusesIn(role, pod)) {
    const rule = ruleOf(status);
    if (!rule) continue;
    const waiting = status.state?.waiting;
    const { reason, patience, message = waiting?.message ?? waiting?.reason ?? '', hint, exitCode } = rule;
    const container = status.name as ContainerRole;
    const facts = { container, ...(hint !== undefined && { hint }), ...(exitCode !== undefined && { exitCode }) };
    return { patience, failure: failureOf(reason, startPhaseOf(role), message, facts) };
  }
  return undefined;
}

function ruleOf(status: V1ContainerStatus): Rule | undefined {
  const { reason = '', message = '' } = status.state?.waiting ?? {};
  if (PULL_REASONS.has(reason)) return pullRule(message);
  const rule = WAITING_RULES[reason];
  return (rule?.reason === 'ConfigError' ? setUpRule(status) : undefined) ?? rule;
}

/** Why a container cannot be set up, when the message tells more than the reason. */
function setUpRule({ name, state }: V1ContainerStatus): Rule | undefined {
  const { reason, message = '' } = state?.waiting ?? {};
  if (WOULD_BE_ROOT.test(message)) return ROOT_RULE;
  // A runtime that did not answer in time is asked again by the kubelet, and nothing is wrong with the container.
  if (isRuntimeAway(message) || BEING_CREATED.test(message)) return { reason: 'StartTimeout', patience: 'wait' };
  // A container that was made and could not be run is about to be told as terminated, with its exit code.
  const patience = reason === 'RunContainerError' ? 'grace' : 'now';
  if (isOutOfMemoryAtStart(message)) return { reason: 'OOMKilled', patience };
  const fault = name === 'task' ? commandFaultIn(message) : undefined;
  return fault && { reason: 'UserError', patience, hint: COMMAND_HINT, ...fault };
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
  if (LOST_CLAIM.test(condition.message ?? ''))
    return { patience: 'grace', failure: failureOf('ClusterError', startPhaseOf(role), condition.message ?? '') };
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
