import type { Observation, Trouble } from '../workflows/observation.ts';

/** Two observations of one signature tell a workflow the same. */
export function signatureOf({ stage, trouble, podUid }: Observation): string {
  const told = toldOf(trouble);
  return [stage, podUid, told?.failure.reason, told?.patience].join('|');
}

/**
 * True when a workflow has something to do, or to show, about the observation that follows `before`: each signal costs it four
 * events. A trouble that is over has to be told: a workflow that does not know fails for it in the end.
 */
export function isInteresting({ role, stage, trouble }: Observation, before: Observation | undefined): boolean {
  if (toldOf(trouble) || toldOf(before?.trouble)) return true;
  switch (stage) {
    case 'pending':
    case 'downloaded':
    case 'missing':
      return false;
    case 'downloading':
    case 'running':
      return role === 'task';
    case 'succeeded':
    case 'failed':
      return true;
  }
}

/**
 * A trouble that is only waited for changes nothing for a workflow: it looks at the cluster itself when the deadline is over. Each pod whose
 * claims are being made has one for a moment.
 */
function toldOf(trouble: Trouble | undefined): Trouble | undefined {
  return trouble?.patience === 'wait' ? undefined : trouble;
}
