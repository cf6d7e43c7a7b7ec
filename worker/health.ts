import type { Worker } from '@temporalio/worker';
import type { Leadership } from '../cluster/lease.ts';

/** State of Temporal's worker; `CONNECTING` before there is one. */
export type TemporalState = ReturnType<Worker['getState']> | 'CONNECTING';

/** What this process knows of the watching of the cluster. */
export interface Watching {
  readonly leadership: Leadership;
  /** Whether the watches of this process live; of no matter while another one leads. */
  readonly isSynced: boolean;
  /** Until when somebody watched, in epoch milliseconds; see {@link watchedUntilMs}. */
  readonly watchedUntilMs: number;
}

/** Nobody has watched yet. */
export const NOT_WATCHING: Watching = { leadership: { leader: 'nobody' }, isSynced: false, watchedUntilMs: -Infinity };

/** What the probes tell. */
export interface Health {
  /** False when only a new process can help. */
  readonly isAlive: boolean;
  /** True when jobs go on as they should. */
  readonly isReady: boolean;
  /** A word on each thing that counts. */
  readonly checks: Readonly<Record<'temporal' | 'watcher', string>>;
}

/** What is worth starting the process again for. A server that is away is not: it is waited for. */
const DEAD: readonly TemporalState[] = ['FAILED', 'STOPPED'];

/** A 410, a stream that was cut and a change of the leader are over within this time, and are nothing to take notice of. */
const GRACE_MS = 5_000;

/** Judges the process at `nowMs`. Pure. */
export function judgeHealth(temporal: TemporalState, watching: Watching, nowMs: number): Health {
  const watcher = judgeWatching(watching, nowMs);
  return {
    isAlive: !DEAD.includes(temporal),
    isReady: temporal === 'RUNNING' && watcher === 'ok',
    checks: { temporal: temporal.toLowerCase(), watcher },
  };
}

function judgeWatching(watching: Watching, nowMs: number): 'ok' | 'not synced' | 'nobody leads' {
  if (nowMs - watchedUntilMs(watching, nowMs) <= GRACE_MS) return 'ok';
  return watching.leadership.leader === 'self' ? 'not synced' : 'nobody leads';
}

/** Until when, at most `nowMs`, the cluster was watched: by this process, or by another one, which its lease stands for. Pure. */
export function watchedUntilMs({ leadership, isSynced, watchedUntilMs }: Watching, nowMs: number): number {
  if (leadership.leader === 'other') return Math.max(watchedUntilMs, Math.min(nowMs, leadership.untilMs));
  return leadership.leader === 'self' && isSynced ? nowMs : watchedUntilMs;
}
