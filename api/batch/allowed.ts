/** What of the cluster an operator lets a job name: pure functions of its parameters and of the settings. */
import { isNameAllowed, isNodeLabelAllowed, isTolerationAllowed } from '../../config/allowed.ts';
import type { AllowedObjects, AllowList } from '../../config/allowed.ts';
import type { JobParameters, Toleration } from '../../workflows/parameters.ts';
import type { Issue } from '../schemas/faults.ts';

/** All that `parameters` name and that is not allowed, by its field. */
export function notAllowedIssues(parameters: JobParameters, allowed: AllowedObjects): Issue[] {
  const { priority_class, queue, storage, node_selector = {}, tolerations = [] } = parameters;
  return [
    ...nameIssues(['priority_class'], 'Priority class', priority_class, allowed.priorityClasses),
    ...nameIssues(['queue'], 'Queue', queue, allowed.queues),
    ...nameIssues(['storage', 'class'], 'Storage class', storage?.class, allowed.storageClasses),
    ...Object.entries(node_selector)
      .filter(([key, value]) => !isNodeLabelAllowed(key, value, allowed.nodeSelectors))
      .map(([key, value]) => issue(['node_selector', key], `Node label ${key}=${value}`, allowed.nodeSelectors)),
    ...tolerations.flatMap((toleration, index) =>
      isTolerationAllowed(toleration, allowed.tolerations)
        ? []
        : [issue(['tolerations', index], `Toleration of ${taintsOf(toleration)}`, allowed.tolerations)],
    ),
  ];
}

function nameIssues(path: readonly string[], kind: string, name: string | undefined, allowed: AllowList): Issue[] {
  return name === undefined || isNameAllowed(name, allowed) ? [] : [issue(path, `${kind} ${name}`, allowed)];
}

/** The taints that are tolerated, as `kubectl taint` writes them. */
function taintsOf({ key, operator = 'Equal', value = '', effect }: Toleration): string {
  if (key === undefined) return effect === undefined ? 'every taint' : `every taint with effect ${effect}`;
  return `${key}${operator === 'Equal' ? `=${value}` : ''}${effect === undefined ? '' : `:${effect}`}`;
}

function issue(path: readonly PropertyKey[], what: string, allowed: AllowList): Issue {
  const message = `${what} is not allowed here; allowed are ${allowed.join(', ') || 'none'}`;
  return { path: ['job_parameters', ...path], message };
}
