import type { Context, Middleware, Next } from 'koa';
import { ANYBODY, identify } from './auth/principal.ts';
import type { ApiDeps } from './deps.ts';
import { limitFailures, limitOwners } from './limits.ts';

/**
 * What stands before all that is about jobs: finds out who asks, and whether he has asked for too much. Where nobody is asked nobody can be
 * told from others.
 */
export function askWhoCalls({ authenticate, settings }: Pick<ApiDeps, 'authenticate' | 'settings'>): Middleware[] {
  if (authenticate === undefined) return [keepFromCaches, identify(() => Promise.resolve(ANYBODY))];
  return [keepFromCaches, identify(limitFailures(authenticate, settings.limits)), limitOwners(settings.limits)];
}

/** Answers are for one caller, and true for a moment. */
async function keepFromCaches(context: Context, next: Next): Promise<void> {
  context.set('Cache-Control', 'no-store');
  await next();
}
