/** How much one caller may ask for. Each process counts by itself. */
import { addAbortListener } from 'node:events';
import type { Context, Middleware, Next } from 'koa';
import { LRUCache } from 'lru-cache';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import type { ApiLimits } from '../config.ts';
import { bearerTokenOf } from './auth/bearer.ts';
import { parseKey } from './auth/key.ts';
import { principalOf } from './auth/principal.ts';
import type { Authenticate } from './auth/principal.ts';
import { isApiError, tooManyRequests } from './errors.ts';
import { requestAbortSignal } from './request-abort-signal.ts';

/** Requests are counted over this long, so that many at once are no fault, and who was refused need not wait longer. */
const RATE_WINDOW_SECONDS = 10;
const FAILURE_WINDOW_SECONDS = 60;
/** How long a credential that was good is let pass where others fail. */
const GOOD_FOR_MS = 3_600_000;
const MAX_GOOD = 10_000;

/** Refuses owners who send more than `requestsPerSecond`, or have more than `concurrentRequests` that are not answered. */
export function limitOwners({ requestsPerSecond, concurrentRequests }: ApiLimits): Middleware {
  const rate = new RateLimiterMemory({
    points: requestsPerSecond * RATE_WINDOW_SECONDS,
    duration: RATE_WINDOW_SECONDS,
  });
  const open = new Map<string, number>();
  return async (context: Context, next: Next) => {
    const { owner = '' } = principalOf(context);
    await rate.consume(owner).catch(refuse);
    const others = open.get(owner) ?? 0;
    if (others >= concurrentRequests) throw tooManyRequests(`There are ${others} requests at one time already.`, 1);
    open.set(owner, others + 1);
    // A stream goes on after this function has returned.
    addAbortListener(requestAbortSignal(context), () => leave(open, owner));
    await next();
  };
}

function leave(open: Map<string, number>, owner: string): void {
  const left = (open.get(owner) ?? 1) - 1;
  if (left > 0) open.set(owner, left);
  else open.delete(owner);
}

/**
 * Refuses API keys from addresses that sent too many wrong ones, before they are looked up in MongoDB. A key that was good of late passes:
 * clients behind one proxy share its address. Requests without a key, and tokens, cost no query: they are neither counted nor refused.
 */
export function limitFailures(authenticate: Authenticate, { failuresPerMinute }: ApiLimits): Authenticate {
  const failures = new RateLimiterMemory({ points: failuresPerMinute, duration: FAILURE_WINDOW_SECONDS });
  const good = new LRUCache<string, true>({ max: MAX_GOOD, ttl: GOOD_FOR_MS });
  return async (context: Context) => {
    const key = parseKey(bearerTokenOf(context) ?? '');
    if (key === undefined) return await authenticate(context);
    const failed = good.has(key.secretHash) ? null : await failures.get(context.ip);
    if (failed !== null && failed.consumedPoints >= failuresPerMinute) refuse(failed);
    try {
      const principal = await authenticate(context);
      good.set(key.secretHash, true);
      return principal;
    } catch (error) {
      if (isApiError(error) && error.status === 401) await failures.penalty(context.ip);
      throw error;
    }
  };
}

function refuse(reason: unknown): never {
  if (!(reason instanceof RateLimiterRes)) throw reason;
  throw tooManyRequests('Too many requests.', Math.max(1, Math.ceil(reason.msBeforeNext / 1000)));
}
