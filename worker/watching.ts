import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { KubeConfig } from '@kubernetes/client-node';
import type { WorkflowClient } from '@temporalio/client';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { ActivityDeps } from '../activities/deps.ts';
import { createLeaderElection } from '../cluster/lease.ts';
import { createLook } from '../cluster/look.ts';
import type { OpenStream } from '../cluster/stream.ts';
import { createWatcher } from '../cluster/watcher.ts';
import type { WatcherMonitor } from '../cluster/watcher.ts';
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

/** Watches the cluster whenever this process is the leader, until `signal` aborts: wakes workflows and keeps long logs. */
export async function watchAsLeader(options: WatchingOptions, signal: AbortSignal): Promise<void> {
  const { kubeConfig, namespace, workflows, logger, recorder } = options;
  const tell = createSignaller(workflows, logger, recorder.metrics.onSignal);
  const identity = `${hostname()}-${process.pid}-${randomUUID()}`;
  const election = createLeaderElection({
    ...{ kubeConfig, namespace, name: WATCHER_LEASE, identity, logger },
    onLeadership(leadership) {
      recorder.record({ leadership });
      recorder.metrics.onLeadership(leadership);
    },
  });
  await election.run((leading) => watch(options, tell, leading), signal);
}

async function watch(options: WatchingOptions, tell: OnObservation, leading: AbortSignal): Promise<void> {
  const { openStream, namespace, deps, logger, recorder } = options;
  const keep = createLogKeeper({ ...deps, logger }, leading);
  const countLag = recorder.metrics.lagSince(Date.now());
  const onObservation: OnObservation = (...seen) => (tell(...seen), keep(...seen), countLag(...seen));
  const monitor: WatcherMonitor = { ...recorder.metrics, onSynced: (isSynced) => recorder.record({ isSynced }) };
  const look = createLook(deps.cluster);
  await createWatcher({ openStream, look, namespace, onObservation, logger, monitor }).run(leading);
}
