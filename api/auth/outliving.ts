import { addAbortListener } from 'node:events';
import type { Context } from 'koa';
import type { ApiDeps } from '../deps.ts';
import { isApiError } from '../errors.ts';
import { requestAbortSignal } from '../request-abort-signal.ts';

/** How often it is asked whether the credential of a stream is still good. */
const INTERVAL_MS = 15_000;

/** Cuts the answer when its credential is not good any more: a stream goes on for as long as a job. What cannot be found out cuts nothing. */
export function endWithCredential(deps: Pick<ApiDeps, 'authenticate' | 'heartbeatMs'>, context: Context): void {
  const { authenticate, heartbeatMs = INTERVAL_MS } = deps;
  if (authenticate === undefined) return;
  const timer = setInterval(() => {
    authenticate(context).catch((error: unknown) => {
      if (isApiError(error) && error.status === 401) context.res.destroy();
    });
  }, heartbeatMs);
  addAbortListener(requestAbortSignal(context), () => clearInterval(timer));
}
