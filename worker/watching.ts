import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { hostname } from 'node:os';
import type { KubeConfig } from '@kubernetes/client-node';
import type { WorkflowClient } from '@temporalio/client';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { ActivityDeps, Watches } from '../activities/deps.ts';
import { createLeaderElection } from '../cluster/lease.ts';
import type { LeaderElection, Leadership } from '../cluster/lease.ts';
import { createLook } from '../cluster/look.ts';
import type { OpenStream } from '../cluster/stream.ts';
import { createWatcher } from '../cluster/watcher.ts';
import type { OnObservation } from '../cluster/view.ts';
import { NOT_WATCHING, watchedUntilMs } from './health.ts';
import type { Watching } from './health.ts';
import { createLogKeeper } from './log-keeper.ts';
import { createSignaller } from './signaller.ts';
import { createWatchMetrics } from './watch-metrics.ts';
import type { WatchMetrics } from './watch-metrics.ts';

/** Lease that elects the one watcher of a namespace. */
export const WATCHER_LEASE = 'kubernetes-task-runner-watcher';

export interface WatchingOptions {
  readonly kubeConfig: KubeConfig;
  readonly openStream: OpenStream;
  readonly namespace: string;
  readonly workflows: WorkflowClient;
  readonly deps: ActivityDeps;
  readonly logger: Logger;
  readonly recorder: WatchRecorder;
}

/** Knows how the watching goes, for the probes and the metrics. */
export interface WatchRecorder {
  state(): Watching;
  record(change: Partial<Pick<Watching, 'leadership' | 'isSynced'>>): void;
  readonly metrics: WatchMetrics;
}

/** Registers its metrics in `registry`. */
export function createWatchRecorder(registry: Registry): WatchRecorder {
  let state = NOT_WATCHING;
  return {
    state: () => state,
    record(change) {
      state = { ...state, watchedUntilMs: watchedUntilMs(state, Date.now()), ...change };
    },
    metrics: createWatchMetrics(registry),
  };
}

/** The watch of this process on the cluster. */
export interface ClusterWatch {
  readonly watches: Watches;
  /** Watches until `signal` aborts, and whenever this process is the leader wakes workflows and keeps long logs. */
  run(signal: AbortSignal): Promise<void>;
}

/** Every process watches, so that its own looks cost no request; only who leads tells of what it sees. */
export function createClusterWatch(options: WatchingOptions): ClusterWatch {
  const { openStream, namespace, deps, logger, recorder } = options;
  let tell: OnObservation = () => {};
  const watcher = createWatcher({
    ...{ openStream, namespace, logger },
    look: createLook(deps.cluster),
    onObservation: (...seen) => tell(...seen),
    monitor: { ...recorder.metrics, onSynced: (isSynced) => recorder.record({ isSynced }) },
  });
  const lead = async (leading: AbortSignal) => {
    tell = createTeller(options, leading);
    watcher.repeat();
    await aborted(leading);
    tell = () => {};
  };
  return {
    watches: {
      shows: (ref, role) => watcher.shows(ref, role),
      transferLogOf: (...of) => watcher.transferLogOf(...of),
      areTold: () => isOurs(recorder.state().leadership, deps.instance),
    },
    async run(signal) {
      await Promise.all([watcher.run(signal), createElection(options).run(lead, signal)]);
    },
  };
}

function createElection({ kubeConfig, namespace, deps, logger, recorder }: WatchingOptions): LeaderElection {
  const identity = `${deps.instance}/${hostname()}-${process.pid}-${randomUUID()}`;
  return createLeaderElection({
    ...{ kubeConfig, namespace, name: WATCHER_LEASE, identity, logger },
    onLeadership(leadership) {
      recorder.record({ leadership });
      recorder.metrics.onLeadership(leadership);
    },
  });
}

/** What whoever leads does with all that is seen, until `leading` aborts. */
function createTeller({ workflows, deps, logger, recorder }: WatchingOptions, leading: AbortSignal): OnObservation {
  const { metrics } = recorder;
  const signalTo = createSignaller(workflows, logger, metrics.onSignal, leading);
  const keep = createLogKeeper({ ...deps, logger }, leading);
  const countLag = metrics.lagSince(Date.now());
  return (...seen) => (signalTo(...seen), keep(...seen), countLag(...seen));
}

/** True when a process of this deployment leads: one of another that shares the namespace tells our workflows nothing. */
function isOurs(leadership: Leadership, instance: string): boolean {
  if (leadership.leader === 'other') return leadership.identity.startsWith(`${instance}/`);
  return leadership.leader === 'self';
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, 'abort');
}
