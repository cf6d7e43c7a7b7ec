import { ANYTHING } from '../config/allowed.ts';
import type { AllowList } from '../config/allowed.ts';
import { MAX_SUBDOMAIN_LENGTH } from '../config/labels.ts';
import type { JobParameters } from '../workflows/parameters.ts';

/** Ends the prefix of every label that a client chose: webhooks, policies and selectors that look for the client's own key find none. */
const OWN_PREFIX = 'labels.kubernetes-task-runner';

/**
 * The labels that a client gave its job, as they stand on the job's objects: `team` as `labels.kubernetes-task-runner/team`,
 * `example.com/team` as `example.com.labels.kubernetes-task-runner/team`.
 * @param allowed keys that stand there as they are
 */
export function objectLabelsOf(labels: JobParameters['labels'] = {}, allowed: AllowList): Record<string, string> {
  const isAllowed = (key: string) => allowed.includes(ANYTHING) || allowed.includes(key);
  return Object.fromEntries(
    Object.entries(labels)
      .map(([key, value]) => [isAllowed(key) ? key : prefixed(key), value] as const)
      .filter(([key]) => key.lastIndexOf('/') <= MAX_SUBDOMAIN_LENGTH),
  );
}

function prefixed(key: string): string {
  const slash = key.indexOf('/');
  return slash < 0 ? `${OWN_PREFIX}/${key}` : `${key.slice(0, slash)}.${OWN_PREFIX}${key.slice(slash)}`;
}
