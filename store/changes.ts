/** Waiting for a job to change: whoever is told that it has looks at it, and each that somebody waits for is looked at now and then. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Job } from '../workflows/contract.ts';
import type { Store } from './store.ts';

/** See {@link createChangeWaiter}. */
export interface ChangeWaiter {
  /**
   * Resolves with the job as soon as the mirror shows it in a state that `predicate` accepts; with undefined when the wait is over before.
   */
  readonly waitForJob: (id: string, predicate: (job: Job) => boolean, options: WaitOptions) => Promise<Job | undefined>;
  /**
   * Resolves when any job may have changed: somebody says that one has, or a while has gone by in which nobody may have said it.
   * @param signal ends the wait early
   */
  readonly waitForAny: (signal?: AbortSignal) => Promise<void>;
  /** Looks at one job now, as somebody says that it has changed. */
  readonly notice: (id: string) => void;
}

/** How to wait for a job. */
export interface WaitOptions {
  /** After so long the wait is over. */
  readonly timeoutMs: number;
  /** Ends the wait early. */
  readonly signal?: AbortSignal;
  /**
   * When the caller asked for the job as it knows it, by `performance.now()`: it is looked at again when it has changed since. Default: the
   * caller knows nothing of it.
   */
  readonly askedMs?: number;
}

interface Waiter {
  readonly id: string;
  readonly predicate: (job: Job) => boolean;
  readonly settle: (job: Job) => void;
  readonly fail: (error: unknown) => void;
  /** When its job was last looked at, by `performance.now()`; before all times for who has only just come. */
  lookedMs: number;
}

/** Looking takes a ninth of the time at most... */
const REST_FACTOR = 8;
/** ...but nobody waits longer than this for the next look. */
const MAX_REST_MS = 1_000;
/** Where changes are told a look that nobody asked for only finds those that were lost on the way. */
const TOLD_REST_MS = 5_000;
/** So long it is known that somebody said that a job has changed: longer than it takes a request from its look to its wait. */
const NOTICED_FOR_MS = 5_000;

/** Options of {@link createChangeWaiter}. */
export interface ChangeWaiterOptions {
  /** Shortest time between two looks, in milliseconds; 100 by default. */
  readonly intervalMs?: number;
  /** True while {@link ChangeWaiter.notice} is called for every change; never, by default. */
  readonly isTold?: () => boolean;
  /** Called when a look fails. The waiters go on waiting: a mirror that is away for a moment harms nothing. */
  readonly onError?: (error: unknown) => void;
}

/** Makes a waiter that asks `store` only while somebody waits. */
export function createChangeWaiter(
  store: Pick<Store, 'findMany'>,
  { intervalMs = 100, isTold = () => false, onError = () => undefined }: ChangeWaiterOptions = {},
): ChangeWaiter {
  const waiters = new Set<Waiter>();
  const lookers = new Set<() => void>();
  const notices = createNotices();
  let polling = false;

  async function lookAt(asked: readonly Waiter[]): Promise<void> {
    await look(store, asked).catch(onError);
    const nowMs = performance.now();
    for (const waiter of asked) waiter.lookedMs = nowMs;
  }

  async function poll(): Promise<void> {
    if (polling) return;
    polling = true;
    let tookMs = 0;
    while (waiters.size > 0) {
      const startedMs = performance.now();
      const restedMs = restMs(tookMs, isTold());
      const due = [...waiters].filter(({ lookedMs }) => startedMs >= lookedMs + restedMs);
      await lookAt(due);
      if (due.length > 0) tookMs = performance.now() - startedMs;
      if (waiters.size > 0) await delay(intervalMs);
    }
    polling = false;
  }

  return {
    waitForJob: async (id, predicate, { timeoutMs, signal, askedMs = -Infinity }) => {
      const { promise, resolve, reject } = Promise.withResolvers<Job | undefined>();
      const lookedMs = notices.mayHaveCome(id, askedMs) ? -Infinity : askedMs;
      const waiter = { id, predicate, settle: resolve, fail: reject, lookedMs };
      const giveUp = () => {
        resolve(undefined);
      };
      const timer = setTimeout(giveUp, timeoutMs);
      signal?.addEventListener('abort', giveUp);
      if (signal?.aborted) giveUp();
      waiters.add(waiter);
      void poll();
      try {
        return await promise;
      } finally {
        clearTimeout(timer);
        signal?.removeEventListener('abort', giveUp);
        waiters.delete(waiter);
      }
    },
    waitForAny: async (signal) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      const timer = setTimeout(resolve, isTold() ? TOLD_REST_MS : MAX_REST_MS);
      const wake = () => resolve();
      signal?.addEventListener('abort', wake);
      if (signal?.aborted) wake();
      lookers.add(wake);
      await promise;
      lookers.delete(wake);
      signal?.removeEventListener('abort', wake);
      clearTimeout(timer);
    },
    notice(id) {
      notices.add(id);
      for (const wake of lookers) wake();
      void lookAt([...waiters].filter((waiter) => waiter.id === id));
    },
  };
}

/** The jobs of which somebody has said lately that they have changed. */
function createNotices() {
  const noticedMs = new Map<string, number>();
  return {
    add(id: string): void {
      const nowMs = performance.now();
      noticedMs.delete(id);
      noticedMs.set(id, nowMs);
      for (const [old, atMs] of noticedMs) {
        if (nowMs - atMs < NOTICED_FOR_MS) return;
        noticedMs.delete(old);
      }
    },
    /** False when nobody has said since `sinceMs` that the job has changed. */
    mayHaveCome: (id: string, sinceMs: number) =>
      performance.now() - sinceMs >= NOTICED_FOR_MS || (noticedMs.get(id) ?? -Infinity) >= sinceMs,
  };
}

/** A mirror that is slow to answer has much to do: it is not asked all the time. */
function restMs(tookMs: number, isTold: boolean): number {
  return isTold ? TOLD_REST_MS : Math.min(tookMs * REST_FACTOR, MAX_REST_MS);
}

async function look(store: Pick<Store, 'findMany'>, asked: readonly Waiter[]): Promise<void> {
  if (asked.length === 0) return;
  const jobs = await store.findMany([...new Set(asked.map(({ id }) => id))]);
  const byId = new Map(jobs.map((job) => [job.id, job]));
  for (const waiter of asked) tell(waiter, byId.get(waiter.id));
}

function tell(waiter: Waiter, job: Job | undefined): void {
  try {
    if (job !== undefined && waiter.predicate(job)) waiter.settle(job);
  } catch (error) {
    waiter.fail(error);
  }
}
