import type { V1Job, V1Pod } from '@kubernetes/client-node';
import type { Logger } from 'pino';
import type { Look } from './look.ts';
import { OURS_SELECTOR } from './names.ts';
import type { JobRole } from '../workflows/contract.ts';
import type { JobRef, Observation } from '../workflows/observation.ts';
import type { OpenStream } from './stream.ts';
import { createView } from './view.ts';
import type { OnObservation, View, ViewListener } from './view.ts';
import { WATCH_LIMITS, watchForever } from './watch.ts';
import type { Interruption, WatchHandler, WatchLimits, WatchMonitor } from './watch.ts';
import type { WatchedObject } from './watch-stream.ts';
import { slimJob, slimPod } from './watched.ts';

/** What is watched. */
export type WatchedKind = 'jobs' | 'pods';

export interface Watcher {
  /** Watches until `signal` aborts. */
  run(signal: AbortSignal): Promise<void>;
  /** True while both lists have come and streams go on from there. False from the moment on at which one of them breaks. */
  isSynced(): boolean;
  /** What is true of a Job, as far as living watches tell it; undefined when only the cluster itself can. */
  shows(ref: JobRef, role: JobRole): Observation | undefined;
  /** All that a transfer container has said, as far as living watches tell it; undefined when its log has to be asked for. */
  transferLogOf: View['transferLogOf'];
  /** Tells all that matters once more, as if it had just been listed. */
  repeat(): void;
}

/** Is told what becomes of the two watches, for readiness and metrics. None of these may throw. */
export interface WatcherMonitor {
  onOpen(kind: WatchedKind): void;
  onBytes(kind: WatchedKind): void;
  onClose(kind: WatchedKind): void;
  onInterrupted(kind: WatchedKind, reason: Interruption): void;
  /** Called with each change of {@link Watcher.isSynced}. */
  onSynced(isSynced: boolean): void;
}

export interface WatcherOptions {
  readonly openStream: OpenStream;
  /** Asks the cluster about one Job, where the two watches do not say the same. */
  readonly look: Look;
  readonly namespace: string;
  readonly onObservation: OnObservation;
  readonly logger: Logger;
  readonly monitor?: WatcherMonitor;
  readonly limits?: Partial<WatchLimits>;
}

/** One watch on all our Jobs and one on all our pods, whatever their number; observations come out. */
export function createWatcher(options: WatcherOptions): Watcher {
  const { openStream, look, namespace, onObservation, logger, monitor } = options;
  const onFault = (jobUid: string, error: unknown) => logger.error({ jobUid, err: error }, 'observation not handled');
  const view = createView({ onObservation, onUnexplainedEnd: createAsk(look, logger), onFault });
  const sync = createSync((isSynced) => monitor?.onSynced(isSynced));
  const limits = { ...WATCH_LIMITS, ...options.limits };
  const watch = <T extends WatchedObject>(
    kind: WatchedKind,
    root: string,
    handler: WatchHandler<T>,
    slim: (object: T) => T,
  ) => ({
    ...{ openStream, path: `${root}/namespaces/${namespace}/${kind}`, labelSelector: OURS_SELECTOR },
    ...{ limits, handler, slim, logger, monitor: monitorOf(kind, sync, monitor) },
  });

  return {
    isSynced: () => sync.isSynced(),
    shows: (ref, role) => (sync.isSynced() ? view.shows(ref, role) : undefined),
    transferLogOf: (...of) => (sync.isSynced() ? view.transferLogOf(...of) : undefined),
    repeat: () => view.repeat(),
    async run(signal) {
      view.clear();
      await Promise.all([
        watchForever<V1Job>(watch('jobs', '/apis/batch/v1', view.jobs, slimJob), signal),
        watchForever<V1Pod>(watch('pods', '/api/v1', view.pods, slimPod), signal),
      ]);
      (['jobs', 'pods'] as const).forEach((kind) => sync.set(kind, false));
    },
  };
}

/** Which of the two watches live. */
interface Sync {
  set(kind: WatchedKind, isLive: boolean): void;
  isSynced(): boolean;
}

function createSync(onChange: (isSynced: boolean) => void): Sync {
  const live = new Set<WatchedKind>();
  const isSynced = () => live.size === 2;
  return {
    isSynced,
    set(kind, isLive) {
      const before = isSynced();
      if (isLive) live.add(kind);
      else live.delete(kind);
      if (isSynced() !== before) onChange(isSynced());
    },
  };
}

/** A stream that the server closes leaves the watch alive: the next one goes on where it stopped, or else is interrupted. */
function monitorOf(kind: WatchedKind, sync: Sync, monitor: WatcherMonitor | undefined): WatchMonitor {
  return {
    onOpen() {
      monitor?.onOpen(kind);
      sync.set(kind, true);
    },
    onBytes: () => monitor?.onBytes(kind),
    onClose: () => monitor?.onClose(kind),
    onInterrupted(reason) {
      monitor?.onInterrupted(kind, reason);
      sync.set(kind, false);
    },
  };
}

/** One question about a Job at a time. One that is not answered is not asked again: the workflow's own look comes in time. */
function createAsk(look: Look, logger: Logger): ViewListener['onUnexplainedEnd'] {
  const asked = new Set<string>();
  return (ref, role, answer) => {
    const key = `${ref.id} ${role}`;
    if (asked.has(key)) return;
    asked.add(key);
    void look(ref, role)
      .then(answer, (error: unknown) => logger.warn({ ...ref, role, reason: String(error) }, 'end not explained'))
      .finally(() => asked.delete(key));
  };
}
