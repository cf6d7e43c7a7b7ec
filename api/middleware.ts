import { STATUS_CODES } from 'node:http';
import type { Context, Middleware, Next } from 'koa';
import type { Logger } from 'pino';
import { isUploadLost } from '../bucket/errors.ts';
import { isTransient } from '../bucket/faults.ts';
import { isStoreUnavailable } from '../store/errors.ts';
import type { Principal } from './auth/principal.ts';
import { isClientAbort } from './client-abort.ts';
import { refusal } from './envelope.ts';
import { ApiError, doesNotExist, forbidden, isApiError, unavailable, uploadLost } from './errors.ts';
import { isFromWebUi } from './web-ui.ts';

/** What a request is logged and counted as whose client left before its answer. nginx has it so; it is never sent. */
const CLIENT_CLOSED_REQUEST = 499;

/** One line for each request, with who sent it. The path alone: a query may hold a secret one day. */
export function logRequests(logger: Logger): Middleware {
  return async (context: Context, next: Next) => {
    const startMs = performance.now();
    await next();
    const { method, path, status } = context;
    const { principal } = context.state as { readonly principal?: Principal };
    const caller = principal && { caller: principal.credential };
    logger.info(
      { method, path, status, ...caller, durationMs: Math.round(performance.now() - startMs) },
      'request answered',
    );
  };
}

/** Turns everything that is thrown, and every answer without a body, into the envelope. Nothing internal passes. */
export function envelopeErrors(logger: Logger): Middleware {
  return async (context: Context, next: Next) => {
    try {
      await next();
      if (context.status >= 400 && (context.body === undefined || context.body === null)) throw bare(context.status);
    } catch (error) {
      if (context.headerSent) throw error;
      const refused = toApiError(error);
      const isFault = refused.status >= 500 && !isClientAbort(context, error);
      if (isFault) logFault(logger, context, refused);
      send(context, refused);
      if (isFault) return;
    }
    if (context.res.destroyed && !context.headerSent) context.status = CLIENT_CLOSED_REQUEST;
  };
}

/** What we refuse by a rule of ours has no cause, and no stack that would tell anything. */
function logFault(logger: Logger, { path }: Context, refused: ApiError): void {
  const { cause, status, message } = refused;
  if (cause === undefined) logger.warn({ path, status, reason: message }, 'request refused');
  else logger.error({ err: cause, path }, 'request failed');
}

/** Logs what breaks an answer off that is under way, unless its client left. */
export function logCutAnswers(logger: Logger): (error: unknown, context?: Context) => void {
  return (error, context) => {
    if (context === undefined || !isClientAbort(context, error)) logger.warn({ err: error }, 'answer was cut short');
  };
}

/**
 * Refuses what a page of another site makes a browser send: a job is code execution, and browsers can reach addresses
 * that others cannot.
 * @param webUiOrigin of Temporal's Web UI, whose page may call the codec server
 */
export function refuseCrossSite(webUiOrigin?: string): Middleware {
  return async (context: Context, next: Next) => {
    const isSafe = ['GET', 'HEAD', 'OPTIONS'].includes(context.method);
    if (!isSafe && isCrossSite(context) && !isFromWebUi(context, webUiOrigin))
      throw forbidden('Requests from other sites are refused.');
    await next();
  };
}

function isCrossSite(context: Context): boolean {
  const site = context.get('Sec-Fetch-Site');
  if (site !== '') return site !== 'same-origin' && site !== 'none';
  const origin = context.get('Origin');
  return origin !== '' && URL.parse(origin)?.host !== context.host;
}

function send(context: Context, { status, error, message, data, headers }: ApiError): void {
  context.status = status;
  if (status === 503) context.set('Retry-After', '5');
  context.set(headers);
  context.body = refusal(error, message, data);
}

/** What a client is told about an error. */
function toApiError(error: unknown): ApiError {
  if (isApiError(error)) return error;
  if (isStoreUnavailable(error)) return unavailable('MongoDB', error);
  if (isUploadLost(error)) return uploadLost(error);
  if (isTransient(error)) return unavailable('The bucket', error);
  const status = clientStatusOf(error);
  if (status !== undefined) return bare(status);
  return new ApiError(500, 'InternalError', 'Something went wrong here. It has been logged.', '', { cause: error });
}

/** Status of an error that a library made for the client. */
function clientStatusOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('status' in error) || !('expose' in error)) return undefined;
  return typeof error.status === 'number' && error.expose === true ? error.status : undefined;
}

/** A refusal that says no more than its status. */
export function bare(status: number): ApiError {
  if (status === 404) return doesNotExist('There is nothing at this address.');
  if (status === 405) return new ApiError(405, 'MethodNotAllowed', 'This address does not take this method.');
  return new ApiError(status, 'RequestError', `${STATUS_CODES[status] ?? 'Refused'}.`);
}
