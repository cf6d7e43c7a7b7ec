/** What can go wrong when the service is called. */

/** The service, or something on the way to it, has refused a request. */
export class ApiRefusal extends Error {
  override readonly name = 'ApiRefusal';
  /** Of HTTP. */
  readonly status: number;
  /** By which name the service calls it, like `InvalidParameters`; empty when somebody else has answered. */
  readonly error: string;
  /** Faults field by field, nested as the request is, or what else the answer holds. */
  readonly data: unknown;
  /** When it is worth another try, in milliseconds from now; absent when the answer does not say. */
  readonly retryAfterMs?: number;

  constructor(message: string, refusal: Pick<ApiRefusal, 'status' | 'error' | 'data' | 'retryAfterMs'>) {
    super(message);
    this.status = refusal.status;
    this.error = refusal.error;
    this.data = refusal.data;
    if (refusal.retryAfterMs !== undefined) this.retryAfterMs = refusal.retryAfterMs;
  }
}

/** Nobody has answered, or the answer broke off. */
export class ServiceUnreachable extends Error {
  override readonly name = 'ServiceUnreachable';
}

/** Another service has answered. The same request gets the same answer. */
export class NotTheService extends Error {
  override readonly name = 'NotTheService';

  constructor(url: string, contentType: string | null) {
    super(`${url} is no kubernetes-task-runner: it answers with ${contentType ?? 'no content type'}, not with JSON`);
  }
}

/** True for a refusal by the service. */
export function isApiRefusal(error: unknown): error is ApiRefusal {
  return error instanceof ApiRefusal;
}

/** True when there is no such job, or no such log. */
export function isMissing(error: unknown): boolean {
  return isApiRefusal(error) && error.status === 404;
}

/** Statuses after which the same request may well succeed. */
const TRANSIENT_STATUSES = [408, 429, 502, 503, 504];

/** True when the same request may well succeed a little later. */
export function isTransient(error: unknown): boolean {
  return error instanceof ServiceUnreachable || (isApiRefusal(error) && TRANSIENT_STATUSES.includes(error.status));
}

/** What an answer other than success says. */
export async function refusalOf(response: Response): Promise<ApiRefusal> {
  const { status } = response;
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
  const retryAfterMs = Number.isFinite(seconds) ? { retryAfterMs: seconds * 1000 } : {};
  const { error = '', msg = '', data } = envelopeIn(await response.text());
  return new ApiRefusal(msg || `the answer was ${status} ${response.statusText}`.trim(), {
    status,
    error,
    data,
    ...retryAfterMs,
  });
}

/** An error of `fetch`, or of a body that broke off. A stop that the caller asked for stays what it is. */
export function asUnreachable(error: unknown, url: string, signal?: AbortSignal): unknown {
  if (signal?.aborted || isApiRefusal(error) || error instanceof ServiceUnreachable) return error;
  // No more of an address than this: a signed one is a credential.
  return new ServiceUnreachable(`no answer from ${URL.parse(url)?.origin ?? 'the service'}: ${reasonOf(error)}`, {
    cause: error,
  });
}

/** The innermost reason: `fetch` says no more than that it failed. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.cause !== undefined) return reasonOf(error.cause);
  return error.message || ('code' in error ? String(error.code) : error.name);
}

interface Envelope {
  readonly error?: string;
  readonly msg?: string;
  readonly data?: unknown;
}

function envelopeIn(text: string): Envelope {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null && 'result' in parsed ? (parsed as Envelope) : {};
  } catch {
    return {};
  }
}

/** A fault of one field of a request. */
export interface FieldFault {
  /** Names from the outside to the inside, with dots: `job_parameters.docker_image`. */
  readonly field: string;
  readonly fault: string;
}

/** The faults that a refusal names, in the order in which it names them. */
export function faultsIn(data: unknown, field = ''): FieldFault[] {
  if (typeof data === 'string') return field === '' ? [] : [{ field, fault: data }];
  if (typeof data !== 'object' || data === null) return [];
  return Object.entries(data).flatMap(([name, inner]) => faultsIn(inner, field === '' ? name : `${field}.${name}`));
}
