/** Every refusal that more than one call gives. */
import { z } from 'zod';
import type { ZodOpenApiResponseObject, ZodOpenApiResponsesObject } from 'zod-openapi';
import { forbiddenName, jsonTooLarge, tooManyBodies } from '../errors.ts';
import { refusal } from '../envelope.ts';
import type { ErrorName } from '../errors.ts';
import { faults, refused } from './answers.ts';
import type { Examples } from './answers.ts';
import { REFUSALS } from './samples.ts';

const malformed = refusal('RequestError', 'Bad Request.', '');

/** 400 of a call that reads parameters: `examples` shows what may be wrong with them. */
export function invalid(examples: Examples): ZodOpenApiResponseObject {
  return refused({
    when: 'The request cannot be served as it is. `data` names all faults at once, of many the first 100.',
    names: ['InvalidParameters', 'RequestError'],
    data: faults,
    examples: { ...examples, malformed },
  });
}

const badRequest = shared('BadRequest', 'RequestError', 'The request is no HTTP/1.1.', 'Bad Request.');

const challenge = z.string().meta({
  description: 'As RFC 6750 has it.',
  example: 'Bearer realm="kubernetes-task-runner", error="invalid_token"',
});

/** 401 of calls about jobs. */
const unauthorized: ZodOpenApiResponseObject = {
  id: 'Unauthorized',
  ...refused({
    when: 'Nobody says who asks, or what says it is not good. Only where `API_AUTH` asks for it.',
    names: ['Unauthorized'],
    examples: { unauthorized: refusal('Unauthorized', 'This key or token is not known, or not any more.', '') },
    headers: z.object({ 'WWW-Authenticate': challenge }),
  }),
};

const OTHER_HOST = refusal('Forbidden', forbiddenName().message, '');

/** 403 of calls that are not about jobs. */
const otherHost: ZodOpenApiResponseObject = {
  id: 'OtherHost',
  ...refused({
    when: 'The request came under a name that is none of the API. Only where `API_AUTH` asks nobody.',
    names: ['Forbidden'],
    examples: { otherHost: OTHER_HOST },
  }),
};

/** 403 of calls about jobs. */
const forbidden: ZodOpenApiResponseObject = {
  id: 'Forbidden',
  ...refused({
    when: 'The credential does not have the scope of the call; or a page of another site made a browser send this, or it came under a name that is none of the API.',
    names: ['Forbidden'],
    examples: {
      outOfScope: refusal('Forbidden', 'This credential does not have the scope kill.', ''),
      crossSite: refusal('Forbidden', 'Requests from other sites are refused.', ''),
      otherHost: OTHER_HOST,
    },
    headers: z.object({ 'WWW-Authenticate': challenge.exactOptional() }),
  }),
};

/** 404 of calls about one job. */
export const missing: ZodOpenApiResponseObject = {
  id: 'DoesNotExist',
  ...refused({ when: 'There is no such job.', names: ['DoesNotExist'], examples: { missing: REFUSALS.missingJob } }),
};

/** 409 of a POST. */
export const keyReused = shared(
  'IdempotencyKeyReused',
  'IdempotencyKeyReused',
  'The key stands for another request.',
  'This Idempotency-Key was used for another request.',
);

/** 413. */
export const tooLarge = shared(
  'PayloadTooLarge',
  'PayloadTooLarge',
  'The request is too large.',
  jsonTooLarge(2 * 1024 ** 2).message,
);

/** 415. */
export const wrongType: ZodOpenApiResponseObject = {
  ...shared(
    'UnsupportedMediaType',
    'UnsupportedMediaType',
    'The body is neither JSON nor a form, or it is compressed.',
    'The request must be application/json or multipart/form-data.',
  ),
  headers: z.object({
    'Accept-Encoding': z
      .string()
      .exactOptional()
      .meta({ description: 'The codings that are taken, when the body had another one.', example: 'identity' }),
  }),
};

/** 500 of every call. */
const internalError = shared(
  'InternalError',
  'InternalError',
  'Something went wrong here.',
  'Something went wrong here. It has been logged.',
);

/** 500 of a call that the cluster may refuse; `data` is what a `ClusterError` tells of it. */
export function refusedByCluster(when: string, data: z.ZodType, examples: Examples): ZodOpenApiResponseObject {
  return refused({
    when: `${when}; or something went wrong here.`,
    names: ['ClusterError', 'InternalError'],
    data: z.union([data, z.literal('')]),
    examples,
  });
}

const retryAfter = z.object({
  'Retry-After': z.string().meta({ description: 'Seconds to wait before the next try.', example: '5' }),
});

/** 429 of calls about jobs. */
const tooMany: ZodOpenApiResponseObject = {
  id: 'TooManyRequests',
  ...refused({
    when: 'The owner has sent too many requests, or has too many at one time; or too many API keys from this address were wrong.',
    names: ['TooManyRequests'],
    examples: { tooMany: refusal('TooManyRequests', 'Too many requests.', '') },
    headers: retryAfter,
  }),
};

/** 503 of calls that need a server. */
export const away: ZodOpenApiResponseObject = {
  id: 'ServiceUnavailable',
  ...refused({
    when: 'Something that is needed is away. The same request may succeed later.',
    names: ['ServiceUnavailable'],
    examples: { away: REFUSALS.away },
    headers: retryAfter,
  }),
};

/** 503 of a POST. */
export const awayOrBusy: ZodOpenApiResponseObject = refused({
  when: 'Something that is needed is away, or the service holds too many request bodies. The same request may succeed later.',
  names: ['ServiceUnavailable'],
  examples: { away: REFUSALS.away, busy: refusal('ServiceUnavailable', tooManyBodies().message, '') },
  headers: retryAfter,
});

/** 503 of `GET /readyz`. */
export const notReady: ZodOpenApiResponseObject = refused({
  when: 'Something that is needed is away.',
  names: ['ServiceUnavailable'],
  data: z.record(z.string(), z.enum(['ok', 'away'])),
  examples: { notReady: REFUSALS.notReady },
  headers: retryAfter,
});

/** What any call may give: what is wrong is the request as HTTP, or we. */
export const ANYWHERE: ZodOpenApiResponsesObject = {
  400: badRequest,
  405: {
    ...shared(
      'MethodNotAllowed',
      'MethodNotAllowed',
      'The address does not take the method.',
      'This address does not take this method.',
    ),
    headers: z.object({ Allow: z.string().meta({ description: 'The methods that it takes.', example: 'HEAD, GET' }) }),
  },
  408: shared('RequestTimeout', 'RequestError', 'The request did not come in time.', 'Request Timeout.'),
  417: shared('ExpectationFailed', 'RequestError', 'An `Expect` that nobody knows.', 'Expectation Failed.'),
  431: shared(
    'HeadersTooLarge',
    'RequestError',
    'The headers are larger than 16 KiB.',
    'Request Header Fields Too Large.',
  ),
  500: internalError,
};

/** What any call but those of the probes may give besides its own answers. */
export const ANY_BY_NAME: ZodOpenApiResponsesObject = { ...ANYWHERE, 403: otherHost };

/** What any call about jobs may give besides: who asks must be known. */
export const ANY_ABOUT_JOBS: ZodOpenApiResponsesObject = {
  ...ANYWHERE,
  401: unauthorized,
  403: forbidden,
  429: tooMany,
};

function shared(id: string, name: ErrorName, when: string, msg: string): ZodOpenApiResponseObject {
  return { id, ...refused({ when, names: [name], examples: { [lowerFirst(id)]: refusal(name, msg, '') } }) };
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
