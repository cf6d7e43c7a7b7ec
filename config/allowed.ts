/** Which objects of the cluster an operator lets jobs name: what the settings list, and what that allows. */
import type { Toleration } from '../workflows/parameters.ts';

/** What may be named; {@link ANYTHING} among it allows everything. */
export type AllowList = readonly string[];

/** Allows everything. */
export const ANYTHING = '*';

/** What jobs may name, by its kind. */
export interface AllowedObjects {
  readonly priorityClasses: AllowList;
  readonly queues: AllowList;
  readonly storageClasses: AllowList;
  /** Labels of nodes: `key` for all of its values, or `key=value`. */
  readonly nodeSelectors: AllowList;
  /** Taints, as `kubectl taint` writes them: `key[=value][:effect]`; an absent part stands for any. */
  readonly tolerations: AllowList;
}

/** A taint, or several that have a part in common. */
interface TaintPattern {
  readonly key: string;
  readonly value?: string | undefined;
  readonly effect?: string | undefined;
}

const TAINT = /^([^=:]+)(?:=([^=:]*))?(?::(NoSchedule|PreferNoSchedule|NoExecute))?$/;

/** Priority classes that Kubernetes keeps for its own components. */
export function isSystemPriorityClass(name: string): boolean {
  return name.startsWith('system-');
}

/** Reads `key[=value][:effect]`; undefined for a text of another form. The key and the value are not checked. */
export function parseTaint(text: string): TaintPattern | undefined {
  const [match, key = '', value, effect] = TAINT.exec(text) ?? [];
  return match === undefined ? undefined : { key, value, effect };
}

/** True when `name` is listed. */
export function isNameAllowed(name: string, allowed: AllowList): boolean {
  return allowed.includes(ANYTHING) || allowed.includes(name);
}

/** True when a job may ask for nodes with the label `key=value`. */
export function isNodeLabelAllowed(key: string, value: string, allowed: AllowList): boolean {
  return isNameAllowed(key, allowed) || allowed.includes(`${key}=${value}`);
}

/** True when one entry holds every taint that the toleration tolerates. */
export function isTolerationAllowed(toleration: Toleration, allowed: AllowList): boolean {
  const { key, operator = 'Equal', value = '', effect } = toleration;
  if (allowed.includes(ANYTHING)) return true;
  return allowed.map(parseTaint).some((taint) => {
    if (taint === undefined || taint.key !== key) return false;
    const hasValue = taint.value === undefined || (operator === 'Equal' && taint.value === value);
    return hasValue && (taint.effect === undefined || taint.effect === effect);
  });
}
