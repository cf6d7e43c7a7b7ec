import { Counter, Gauge, Histogram } from 'prom-client';
import type { Registry } from 'prom-client';
import type { Leadership } from '../cluster/lease.ts';
import type { OnObservation } from '../cluster/view.ts';
import type { WatchedKind, WatcherMonitor } from '../cluster/watcher.ts';
import { METRIC_PREFIX } from '../metrics.ts';
import type { SignalOutcome } from './signaller.ts';

/** From half a second, as the cluster's clock counts whole ones, to more than the longest gap between two leaders. */
const LAG_BUCKETS_SECONDS = [0.5, 1, 1.5, 2, 3, 5, 10, 20, 30, 60, 120];

/** What Prometheus may know of the watching. */
export interface WatchMetrics extends Pick<WatcherMonitor, 'onOpen' | 'onBytes' | 'onClose' | 'onInterrupted'> {
  readonly onLeadership: (leadership: Leadership) => void;
  readonly onSignal: (outcome: SignalOutcome) => void;
  /** @returns what counts the lag of what a watcher tells that has watched since `sinceMs` */
  lagSince(sinceMs: number): OnObservation;
}

/** Registers the metrics of the watcher in `registry`. */
export function createWatchMetrics(registry: Registry): WatchMetrics {
  const own = { registers: [registry] };
  const lag = new Histogram({
    ...own,
    name: `${METRIC_PREFIX}watch_lag_seconds`,
    help: 'Time from a change of a container, by the clock of its node in whole seconds, to our noticing.',
    buckets: LAG_BUCKETS_SECONDS,
  });
  const relists = new Counter({
    ...own,
    name: `${METRIC_PREFIX}watch_relists_total`,
    help: 'Watches that were interrupted, so that everything had to be listed again.',
    labelNames: ['resource', 'reason'],
  });
  const open = new Gauge({
    ...own,
    name: `${METRIC_PREFIX}watches_open`,
    help: 'Watches that are open.',
    labelNames: ['resource'],
  });
  const signals = new Counter({
    ...own,
    name: `${METRIC_PREFIX}signals_total`,
    help: 'Tries to tell workflows of observations.',
    labelNames: ['outcome'],
  });
  const leader = new Gauge({
    ...own,
    name: `${METRIC_PREFIX}watcher_leader`,
    help: '1 while this process tells workflows of what it sees, 0 while another one does, or nobody.',
  });
  const onBytes = createSilenceGauge(registry);
  return {
    onOpen: (resource) => (open.inc({ resource }), onBytes(resource)),
    onClose: (resource) => open.dec({ resource }),
    onBytes,
    onInterrupted: (resource, reason) => relists.inc({ resource, reason }),
    onLeadership: ({ leader: who }) => leader.set(who === 'self' ? 1 : 0),
    onSignal: (outcome) => signals.inc({ outcome }),
    lagSince: (sinceMs) => (_jobName, observation, changedMs) => {
      // What lies before was told by who led before; it is told again, and is not late.
      if (changedMs === undefined || changedMs < sinceMs || observation.stage === 'pending') return;
      lag.observe(Math.max(0, Date.now() - changedMs) / 1000);
    },
  };
}

/** A gauge that is counted when it is read. @returns what is to be told of each byte */
function createSilenceGauge(registry: Registry): (resource: WatchedKind) => void {
  const lastMs = new Map<WatchedKind, number>();
  new Gauge({
    registers: [registry],
    name: `${METRIC_PREFIX}watch_silence_seconds`,
    help: 'Time since the last byte of a watch; a bookmark comes about once a minute.',
    labelNames: ['resource'],
    collect() {
      for (const [resource, ms] of lastMs) this.set({ resource }, (Date.now() - ms) / 1000);
    },
  });
  return (resource) => void lastMs.set(resource, Date.now());
}
