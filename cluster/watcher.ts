import type { V1Job, V1Pod } from '@kubernetes/client-node';
import type { Logger } from 'pino';
import type { Look } from './look.ts';
import { OURS_SELECTOR } from './names.ts';
import type { OpenStream } from './stream.ts';
import { createView } from './view.ts';
import type { OnObservation, ViewListener } from './view.ts';
import { watchForever } from './watch.ts';
import type { WatchedObject, WatchHandler } from './watch.ts';

export interface Watcher {
  /** Watches until `signal` aborts. */
  run(signal: AbortSignal): Promise<void>;
  /** True once everything was listed and a watch goes on from there. */
  isSynced(): boolean;
}

export interface WatcherOptions {
  readonly openStream: OpenStream;
  /** Asks the cluster about one Job, where the two watches do not say the same. */
  readonly look: Look;
  readonly namespace: string;
  readonly onObservation: OnObservation;
  readonly logger: Logger;
}

/** One watch on all our Jobs and one on all our pods, whatever their number; observations come out. */
export function createWatcher({ openStream, look, namespace, onObservation, logger }: WatcherOptions): Watcher {
  const view = createView({ onObservation, onUnexplainedEnd: createAsk(look, logger) });
  const watch = <T extends WatchedObject>(path: string, handler: WatchHandler<T>, signal: AbortSignal) =>
    watchForever<T>(openStream, path, OURS_SELECTOR, handler, logger, signal);

  return {
    isSynced: () => view.isSynced(),
    async run(signal) {
      view.clear();
      await Promise.all([
        watch<V1Job>(`/apis/batch/v1/namespaces/${namespace}/jobs`, view.jobs, signal),
        watch<V1Pod>(`/api/v1/namespaces/${namespace}/pods`, view.pods, signal),
      ]);
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
