import { setTimeout as sleep } from 'node:timers/promises';
import type { TestContext } from 'node:test';
import type { KubeConfig } from '@kubernetes/client-node';
import { pino } from 'pino';
import { createLook } from '../../cluster/look.ts';
import { createOpenStream } from '../../cluster/stream.ts';
import type { OnObservation } from '../../cluster/view.ts';
import type { WatchLimits } from '../../cluster/watch.ts';
import { createWatcher } from '../../cluster/watcher.ts';
import type { Watcher, WatcherOptions } from '../../cluster/watcher.ts';
import type { FailureReason } from '../../workflows/failure-reasons.ts';
import type { Observation, ObservedStage } from '../../workflows/observation.ts';
import type { TestCluster } from './cluster.ts';

/** What a test may want otherwise than the service has it. */
export interface WatchChoices extends Partial<Pick<WatcherOptions, 'openStream' | 'monitor' | 'logger'>> {
  readonly limits?: Partial<WatchLimits>;
  /** Is told of every job before the test is. */
  readonly onObservation?: OnObservation;
}

/** A watcher at work, and what it has told of the test's own job. */
export interface Watched {
  readonly watcher: Watcher;
  readonly observations: readonly Observation[];
  readonly stages: readonly ObservedStage[];
  readonly troubles: readonly (FailureReason | undefined)[];
}

/**
 * Watches until the test ends; the stages of the test's own job, and the reasons of its trouble, are kept in the order in which they
 * came.
 */
export function watch(
  context: TestContext,
  { cluster, namespace, ref }: TestCluster,
  kubeConfig: KubeConfig,
  { onObservation = () => {}, ...choices }: WatchChoices = {},
): Watched {
  const observations: Observation[] = [];
  const stages: ObservedStage[] = [];
  const troubles: (FailureReason | undefined)[] = [];
  const stop = new AbortController();
  const watcher = createWatcher({
    openStream: createOpenStream(kubeConfig),
    look: createLook(cluster),
    namespace,
    logger: pino({ level: 'silent' }),
    ...choices,
    onObservation: (...seen) => {
      onObservation(...seen);
      const [name, observation] = seen;
      if (name !== ref.name) return;
      const { stage, trouble } = observation;
      observations.push(observation);
      // Who waits is in trouble, or was: that is no stage.
      if (stage === 'pending') troubles.push(trouble?.failure.reason);
      else stages.push(stage);
    },
  });
  const running = watcher.run(stop.signal);
  context.after(async () => {
    stop.abort();
    await running;
  });
  return { watcher, observations, stages, troubles };
}

/** Waits a minute at most. @returns the milliseconds that it took */
export async function until(what: string, isSo: () => boolean): Promise<number> {
  const startedMs = Date.now();
  for (; !isSo(); await sleep(20)) {
    if (Date.now() > startedMs + 60_000) throw new Error(`after a minute it is still not so: ${what}`);
  }
  return Date.now() - startedMs;
}
