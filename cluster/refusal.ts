/** Why a namespace admits no pod of a Job, as long as nobody changes the pod or the namespace. */
import type { CoreV1Event } from '@kubernetes/client-node';
import type { JobRole } from '../workflows/contract.ts';
import type { Trouble } from '../workflows/observation.ts';
import { failureOf } from '../workflows/reasons.ts';
import { isBeyondQuota } from './beyond-quota.ts';
import { refusedPodOf } from './explain.ts';
import { startPhaseOf } from './parts.ts';

interface Rule {
  readonly matches: (message: string) => boolean;
  readonly hint: string;
  /** By default `now`. */
  readonly patience?: 'grace';
}

const POLICY_HINT = 'ask the operator which pods the policy that the message names admits';

const RULES: readonly Rule[] = [
  {
    matches: (message) => /violates PodSecurity "|any security context constraint/.test(message),
    hint: 'let the operator compare POD_SECURITY of the worker with the level that the namespace of the jobs enforces',
  },
  {
    matches: (message) =>
      /(?:maximum|minimum) \S+ usage per (?:Container|Pod) is|max limit to request ratio/.test(message),
    hint: 'ask for resources that the limit ranges of the namespace allow',
  },
  {
    matches: (message) => /no PriorityClass with name/i.test(message),
    hint: 'name a priority_class that the cluster has',
  },
  {
    matches: (message) => /failed quota: .*must specify/.test(message),
    hint: 'set the resources that the message names',
  },
  { matches: isBeyondQuota, hint: 'ask for no more than the whole quota of the namespace' },
  {
    matches: (message) => /with its namespace|not in its namespace whitelist/.test(message),
    hint: 'use a node_selector and tolerations that the namespace allows',
  },
  {
    matches: (message) => /Pod "\S*" is invalid:/.test(message),
    hint: 'change the parameter that the message names',
  },
  { matches: (message) => /ValidatingAdmissionPolicy '.*denied request/.test(message), hint: POLICY_HINT },
  // A webhook may look at more than the pod.
  {
    matches: (message) => /admission webhook ".*" denied the request/.test(message),
    hint: POLICY_HINT,
    patience: 'grace',
  },
];

/** A Job whose pod the namespace does not admit, as its events tell; undefined when that may pass by itself. A quota is freed by other jobs. */
export function refusalTrouble(role: JobRole, events: readonly CoreV1Event[]): Trouble | undefined {
  const message = refusedPodOf(events) ?? '';
  const rule = RULES.find(({ matches }) => matches(message));
  if (rule === undefined) return undefined;
  const { hint, patience = 'now' } = rule;
  return { patience, failure: failureOf('ConfigError', startPhaseOf(role), message, { hint }) };
}
