import type { CoreV1Event, V1ContainerStatus, V1Job, V1Pod } from '@kubernetes/client-node';
import type { ContainerRole, JobPhase, JobRole } from '../workflows/contract.ts';
import type { FailureReason } from '../workflows/failure-reasons.ts';
import type { Trouble } from '../workflows/observation.ts';
import { failureOf } from '../workflows/reasons.ts';
import { refusedPodOf } from './explain.ts';
import { QUEUE_LABEL } from './names.ts';
import { statusesIn } from './parts.ts';
import { isRuntimeAway } from './runtime.ts';

interface Rule {
  readonly reason: FailureReason;
  readonly patience: Trouble['patience'];
  /** What to do about it, when the reason alone does not tell. */
  readonly hint?: string;
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
const BEING_CREATED = /failed to reserve container name/i;
const NOT_FOUND = /not found|manifest unknown|name unknown|does not exist/i;

/** A kubelet does not start what would be root, or may be, where that is not allowed. */
const WOULD_BE_ROOT = /runAsNonRoot|non-root policy/;
const ROOT_RULE: Rule = {
  reason: 'ConfigError',
  patience: 'now',
  hint: 'give the image a USER by its number, other than 0: no container may run as root here',
};

/** Why a namespace admits no pod of a Job, as long as nobody changes the namespace. A quota, for one, is freed by other jobs. */
const ADMISSION_HINTS: readonly (readonly [RegExp, string])[] = [
  [
    /violates PodSecurity "/,
    'let the operator compare POD_SECURITY of the worker with the level that the namespace of the jobs enforces',
  ],
  [
    /(?:maximum|minimum) \S+ usage per (?:Container|Pod) is|max limit to request ratio/,
    'ask for resources that the limit ranges of the namespace allow',
  ],
];

/** Why a pod does not start; undefined while nothing is wrong with it. */
export function troubleOf(role: JobRole, pod: V1Pod): Trouble | undefined {
  return waitingTrouble(role, pod) ?? schedulingTrouble(role, pod);
}

function waitingTrouble(role: JobRole, pod: V1Pod): Trouble | undefined {
  for (const status of statusesIn(role, pod)) {
    const rule = ruleOf(status);
    if (!rule) continue;
    const waiting = status.state?.waiting;
    const message = waiting?.message ?? waiting?.reason ?? '';
    const container = status.name as ContainerRole;
    const facts = { container, ...(rule.hint !== undefined && { hint: rule.hint }) };
    return { patience: rule.patience, failure: failureOf(rule.reason, startPhaseOf(role), message, facts) };
  }
  return undefined;
}

function ruleOf(status: V1ContainerStatus): Rule | undefined {
  const { reason = '', message = '' } = status.state?.waiting ?? {};
  if (PULL_REASONS.has(reason)) return pullRule(message);
  const rule = WAITING_RULES[reason];
  if (rule?.reason === 'ConfigError' && WOULD_BE_ROOT.test(message)) return ROOT_RULE;
  // A runtime that did not answer in time is asked again by the kubelet, and nothing is wrong with the container.
  return rule?.reason === 'ConfigError' && (isRuntimeAway(message) || BEING_CREATED.test(message))
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

/** A Job whose pod the namespace does not admit, as its events tell; undefined when that may pass by itself. */
export function refusalTrouble(role: JobRole, events: readonly CoreV1Event[]): Trouble | undefined {
  const message = refusedPodOf(events) ?? '';
  const [, hint] = ADMISSION_HINTS.find(([pattern]) => pattern.test(message)) ?? [];
  if (hint === undefined) return undefined;
  return { patience: 'now', failure: failureOf('ConfigError', startPhaseOf(role), message, { hint }) };
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
