import type { Observation } from '../workflows/contract.ts';

/** Two observations of one signature tell a workflow the same. */
export function signatureOf({ stage, trouble, podUid }: Observation): string {
  return [stage, podUid, trouble?.failure.reason, trouble?.patience].join('|');
}

/** True when a workflow has something to do, or to show, about the observation: each signal costs it four events. */
export function isInteresting({ role, stage, trouble }: Observation): boolean {
  if (trouble) return true;
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
