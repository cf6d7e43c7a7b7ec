import { log, patched, proxyActivities, setWorkflowOptions } from '@temporalio/workflow';
import type { Activities } from '../activities/index.ts';
import { balanceOf } from './balance.ts';
import type { Reconciled } from './balance.ts';
import { finishAll } from './finish.ts';
import { allSettled } from './settled.ts';
import { unpinned } from './unpinned.ts';

// A server that is away for longer fails this run, which has then removed what it could; the schedule brings the next.
const steps = proxyActivities<Activities>({
  startToCloseTimeout: '5m',
  scheduleToCloseTimeout: '10m',
  retry: { initialInterval: '1s', maximumInterval: '1m' },
});

/** Compares the cluster, the bucket and the mirror with the workflows, and brings them into line; neither waits for the other. */
export async function reconcile(): Promise<Reconciled> {
  // The server's time: the clock of a worker may be wrong, and ages are judged by it.
  const nowMs = Date.now();
  // A job that has its pod already does not make the secret again that somebody has deleted: it would wait for another job.
  const secret = patched('secret') ? steps.secret() : undefined;
  const [swept, healed] = await allSettled([steps.sweep(nowMs), healAndFinish(nowMs), secret]);
  const reconciled = { ...swept, ...healed };
  await steps.report(balanceOf(reconciled));
  const isHeld = swept.stuck.length + swept.refused.length + healed.unfinished.length > 0;
  if (isHeld) log.warn('reconciled, but for what cannot be removed', reconciled);
  else log.info('reconciled', reconciled);
  return reconciled;
}

/** Ended jobs get their end in the mirror; jobs whose workflows were ended by force get an end. */
async function healAndFinish(nowMs: number) {
  const { abandoned, ...healed } = await steps.heal(nowMs);
  return { ...healed, ...(await finishAll(abandoned)) };
}

// No other run is started as long as this one waits.
setWorkflowOptions(unpinned, reconcile);
