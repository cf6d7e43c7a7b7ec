/** Every refusal the API knows, named once. Only what stands in these reaches a client. */

/** Names of errors in the envelope. The first three are the seed's. */
export const ERROR_NAMES = [
  'InvalidParameters',
  'DoesNotExist',
  'ClusterError',
  'Unauthorized',
  'Forbidden',
  'TooManyRequests',
  'IdempotencyKeyReused',
  'MethodNotAllowed',
  'PayloadTooLarge',
  'UnsupportedMediaType',
  'RequestError',
  'ServiceUnavailable',
  'InternalError',
] as const;
export type ErrorName = (typeof ERROR_NAMES)[number];

/** What went wrong, field by field, nested as the request is. */
export type Faults = { [field: string]: string | Faults };

/** A refusal, ready for the client. `message` is the envelope's `msg`. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  readonly error: ErrorName;
  readonly data: unknown;
  /** What the answer says beside its body. */
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    error: ErrorName,
    message: string,
    data: unknown = '',
    { headers = {}, ...options }: ErrorOptions & { readonly headers?: Readonly<Record<string, string>> } = {},
  ) {
    super(message, options);
    this.headers = headers;
    this.status = status;
    this.error = error;
    this.data = data;
  }
}

/** 400: the request cannot be served as it is. `faults` become the envelope's `data`. */
export function invalidParameters(faults: Faults | '', message = '', options?: ErrorOptions): ApiError {
  return new ApiError(400, 'InvalidParameters', message, faults, options);
}

/** 404. */
export function doesNotExist(message: string, options?: ErrorOptions): ApiError {
  return new ApiError(404, 'DoesNotExist', message, '', options);
}

/** 500: the cluster refused; `data` holds its answer. */
export function clusterError(message: string, data: unknown): ApiError {
  return new ApiError(500, 'ClusterError', message, data);
}

/** 401: nobody says who asks, or what says it is not good. */
export function unauthorized(message: string, reason?: 'invalid_token'): ApiError {
  return new ApiError(401, 'Unauthorized', message, '', { headers: challenge(reason && `error="${reason}"`) });
}

/** 403: the credential is good for other things only. @param scope as the credential would name it */
export function outOfScope(scope: string): ApiError {
  const headers = challenge(`error="insufficient_scope", scope="${scope}"`);
  return new ApiError(403, 'Forbidden', `This credential does not have the scope ${scope}.`, '', { headers });
}

/** What RFC 6750 has a client told. */
function challenge(more?: string): Record<string, string> {
  return { 'WWW-Authenticate': ['Bearer realm="kubernetes-task-runner"', ...(more ? [more] : [])].join(', ') };
}

/** 403. */
export function forbidden(message: string): ApiError {
  return new ApiError(403, 'Forbidden', message);
}

/** 403: a page of another site may have given its own name the address of the API. */
export function forbiddenName(): ApiError {
  return forbidden('The API is not called by this name: API_ALLOWED_HOSTS names more of them.');
}

/** 409: the key stands for another request already. */
export function idempotencyKeyReused(): ApiError {
  return new ApiError(409, 'IdempotencyKeyReused', 'This Idempotency-Key was used for another request.');
}

/** 413. */
export function payloadTooLarge(message: string): ApiError {
  return new ApiError(413, 'PayloadTooLarge', message);
}

/** 413: JSON is held in memory, the input of a form is not. */
export function jsonTooLarge(maxBytes: number): ApiError {
  return payloadTooLarge(
    `The JSON is larger than ${maxBytes} bytes (API_MAX_BODY_BYTES): send the input zip as a part of multipart/form-data.`,
  );
}

/** 415. */
export function unsupportedMediaType(message: string): ApiError {
  return new ApiError(415, 'UnsupportedMediaType', message);
}

/** 415: the body is compressed. The answer names what is taken, as RFC 9110 (12.5.3) asks. */
export function unsupportedCoding(): ApiError {
  const message = 'The request must be sent without Content-Encoding.';
  return new ApiError(415, 'UnsupportedMediaType', message, '', { headers: { 'Accept-Encoding': 'identity' } });
}

/** 429. @param retryAfterSeconds after which the same request may be let pass */
export function tooManyRequests(message: string, retryAfterSeconds: number): ApiError {
  const headers = { 'Retry-After': String(retryAfterSeconds) };
  return new ApiError(429, 'TooManyRequests', message, '', { headers });
}

/** 503: something the API needs is away; the same request may succeed later. */
export function unavailable(service: string, cause: unknown): ApiError {
  return new ApiError(503, 'ServiceUnavailable', `${service} is away at the moment: try again later.`, '', { cause });
}

/** 503: the bodies of other requests take the memory that there is for them. */
export function tooManyBodies(): ApiError {
  const message = 'The service holds too many request bodies at the moment: try again later.';
  return new ApiError(503, 'ServiceUnavailable', message, '', { headers: { 'Retry-After': '1' } });
}

/** 503: what was sent is lost, and nothing of it was kept; sent once more, it may well arrive. */
export function uploadLost(cause: unknown): ApiError {
  const message = 'The bucket lost this upload on its way: send it again.';
  return new ApiError(503, 'ServiceUnavailable', message, '', { cause });
}

/** True for a refusal made for the client. */
export function isApiError(error: unknown): error is ApiError {
  return error instanceof ApiError;
}
