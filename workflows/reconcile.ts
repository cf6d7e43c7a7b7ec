import { log, proxyActivities, setWorkflowOptions } from '@temporalio/workflow';
import type { Healed } from '../activities/heal.ts';
import type { Activities } from '../activities/index.ts';
import type { Swept } from '../activities/sweep.ts';
import { allSettled } from './settled.ts';

/** What one run did and saw. */
export type Reconciled = Swept & Healed;

// A server that is away for longer fails this run, which has then removed what it could; the schedule brings the next.
const steps = proxyActivities<Activities>({
  startToCloseTimeout: '5m',
  scheduleToCloseTimeout: '10m',
  retry: { initialInterval: '1s', maximumInterval: '1m' },
});

/** Compares the cluster, the bucket and the mirror with the workflows, and brings them into line; neither waits for the other. */
export async function reconcile(): Promise<Reconciled> {
  const [swept, healed] = await allSettled([steps.sweep(), steps.heal()]);
  const reconciled = { ...swept, ...healed };
  const isHeld = swept.stuck.length + swept.refused.length > 0;
  if (isHeld) log.warn('reconciled, but for what cannot be removed', reconciled);
  else log.info('reconciled', reconciled);
  return reconciled;
}

// It belongs to no job: a run must not wait for a version whose workers are gone, as no other is started meanwhile.
setWorkflowOptions({ versioningBehavior: 'AUTO_UPGRADE' }, reconcile);
