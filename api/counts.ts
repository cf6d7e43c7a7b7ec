import { LRUCache } from 'lru-cache';
import type { Context } from 'koa';
import type { StatusCounts, Store } from '../store/store.ts';
import { principalOf } from './auth/principal.ts';
import type { ApiDeps } from './deps.ts';
import { success } from './envelope.ts';
import type { JobCounts } from './schemas/counts.ts';
import { parseCountsQuery } from './schemas/counts.ts';

/** However many look at the numbers, they are counted once in this time. */
const GOOD_FOR_MS = 10_000;
const MAX_OWNERS = 1_000;
/** Spans of an answer. */
const SPANS = 24;

/** Which jobs are counted. */
interface Counted {
  readonly hours: number;
  /** Absent: all owners'. */
  readonly whose: string | undefined;
}

/** `GET /counts`: how many jobs of each status came in each part of the last hours. */
export function getCounts({ store, now = Date.now }: Pick<ApiDeps, 'store' | 'now'>, goodForMs = GOOD_FOR_MS) {
  const remembered = new LRUCache<string, JobCounts, Counted>({
    max: MAX_OWNERS,
    ttl: goodForMs,
    // Those who ask at one time share one count.
    fetchMethod: (_key, _old, { context: { hours, whose } }) => countLast(store, hours, whose, now()),
  });
  return async (context: Context): Promise<void> => {
    const { hours } = parseCountsQuery(context.query);
    const { scopes, owner } = principalOf(context);
    const whose = scopes.has('admin') ? undefined : owner;
    const key = JSON.stringify([hours, whose ?? null]);
    context.body = success(await remembered.forceFetch(key, { context: { hours, whose } }));
  };
}

async function countLast(
  store: Pick<Store, 'count'>,
  hours: number,
  owner: string | undefined,
  nowMs: number,
): Promise<JobCounts> {
  const stepMs = (hours * 3_600_000) / SPANS;
  // The last span is the present one.
  const fromMs = Math.floor(nowMs / stepMs + 1) * stepMs - SPANS * stepMs;
  const counts: StatusCounts[] = await store.count({
    fromMs,
    stepMs,
    count: SPANS,
    ...(owner !== undefined && { owner }),
  });
  return { from: fromMs, step_seconds: stepMs / 1000, counts };
}
