import { Counter, Gauge } from 'prom-client';
import type { Registry } from 'prom-client';
import type { Balance } from '../activities/report.ts';
import { METRIC_PREFIX } from '../metrics.ts';

const PREFIX = `${METRIC_PREFIX}reconcile_`;

/**
 * Registers what the reconciliations come to.
 * @returns to be called with the balance of each run that ends in this worker
 */
export function measureReconciliations(registry: Registry): (balance: Balance) => void {
  const registers = [registry];
  const found = new Counter({
    name: `${PREFIX}orphans_found_total`,
    help: 'What nobody owned, and jobs that missed their end; what one run leaves, the next finds again',
    registers,
  });
  const repaired = new Counter({
    name: `${PREFIX}orphans_repaired_total`,
    help: 'Those of them that were removed, or got their end',
    registers,
  });
  const stuck = new Gauge({
    name: `${PREFIX}stuck`,
    help: 'What the last run in this worker could not remove or end',
    registers,
  });
  const foreign = new Gauge({
    name: `${PREFIX}foreign`,
    help: 'Old things that the last run in this worker left, as another deployment may have made them',
    registers,
  });
  const lastRun = new Gauge({
    name: `${PREFIX}last_run_timestamp_seconds`,
    help: 'When the last run in this worker ended; 0 before there is one',
    registers,
  });
  return (balance) => {
    found.inc(balance.found);
    repaired.inc(balance.repaired);
    stuck.set(balance.stuck);
    foreign.set(balance.foreign);
    lastRun.setToCurrentTime();
  };
}
