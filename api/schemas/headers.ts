/** Headers that a request may have, as they are read. A header that is absent, or that nobody can read, says nothing. */
import type { Context } from 'koa';
import { z } from 'zod';
import { CONTENT_DIGEST } from '../content-digest.ts';
import { parseLastEventId } from '../event-stream.ts';
import { idempotencyKeySchema } from '../idempotency.ts';
import { parsePrefer } from '../prefer.ts';
import { invalidFields } from './faults.ts';

function preferSchema(event: string) {
  return z
    .string()
    .default('')
    .transform(parsePrefer)
    .meta({
      description: `\`respond-async\`: answer at once. \`wait=N\`: answer when ${event}, or after N seconds (60 at most).`,
      example: 'respond-async',
    });
}

/** Of `POST /batch/`. */
export const createHeaders = z.object({
  Prefer: preferSchema('the job has started'),
  'Idempotency-Key': idempotencyKeySchema.optional(),
  'Content-Digest': z.string().optional().meta({
    pattern: CONTENT_DIGEST.source,
    description: 'RFC 9530, with `sha-256` or `sha-512`: it is compared with the content that arrived.',
    example: 'sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:',
  }),
});

/** Of `DELETE /batch/:id`. */
export const deleteHeaders = z.object({ Prefer: preferSchema('nothing of the job is left') });

/** Of `GET /batch/:id`. */
export const getHeaders = z.object({
  'If-None-Match': z.string().default('').meta({
    description: 'The `ETag` of the last answer: with `wait`, no change since then is missed.',
    example: 'W/"q8Yb7PzvTLRmcN0j"',
  }),
});

/** Of `GET /batch/:id/events`. */
export const eventsHeaders = z.object({
  'Last-Event-ID': z.string().default('').transform(parseLastEventId).meta({
    description: 'The `id` of the last event that was seen: the stream begins after it.',
    example: '4',
  }),
});

/**
 * The headers of a request that `schema` names.
 * @throws ApiError 400 when the schema refuses one
 */
export function readHeaders<S extends z.ZodObject>(schema: S, context: Context): z.output<S> {
  const headers = Object.keys(schema.shape).map((name) => [name, context.get(name) || undefined] as const);
  const parsed = schema.safeParse(Object.fromEntries(headers));
  if (!parsed.success) throw invalidFields(parsed.error.issues);
  return parsed.data;
}
