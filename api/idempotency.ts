import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { stringify } from 'safe-stable-stringify';
import { z } from 'zod';
import type { Sealer } from '../sealing.ts';
import type { StoredObject } from '../workflows/contract.ts';
import { invalidParameters } from './errors.ts';
import type { JobSpec } from './schemas/job.ts';

/** `Idempotency-Key`. */
export const idempotencyKeySchema = z
  .string()
  .regex(/^[!-~]{1,255}$/, 'Must be 1 to 255 visible ASCII characters')
  .meta({
    description: 'The same request under the same key is the same job, however often it comes. A UUID for example.',
    example: '0f8fad5b-d9cb-469f-a165-70867728950e',
  });

/**
 * SHA-256 of the `Idempotency-Key` and of whose it is, as two owners may use one; undefined when there is no such header.
 * @throws ApiError 400 when it is malformed
 */
export function parseIdempotencyKey(headers: IncomingHttpHeaders, owner?: string): string | undefined {
  const key = headers['idempotency-key'];
  if (key === undefined) return undefined;
  const parsed = idempotencyKeySchema.safeParse(key);
  if (parsed.success) return sha256(owner === undefined ? parsed.data : `${parsed.data}\n${owner}`);
  throw invalidParameters({ 'Idempotency-Key': parsed.error.issues.map(({ message }) => message).join('. ') });
}

/**
 * The same for the same request: what was asked for, whatever the order of its keys and its white space, and the content of
 * the input, whichever way it was sent. Of what is sensitive it is a fingerprint. Of an input that was named it is the address, as the client knows nothing else.
 */
export function requestHashOf(
  { name, parameters, sensitive, inputUrl, inputFrom }: JobSpec,
  input: StoredObject | undefined,
  sealer?: Pick<Sealer, 'fingerprint'>,
): string {
  const content = inputUrl?.url ?? inputFrom ?? (input && { sizeBytes: input.sizeBytes, crc32c: input.crc32c });
  const hidden = sensitive && sealer?.fingerprint(String(stringify(sensitive)));
  return sha256(String(stringify({ name, parameters, content, hidden })));
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
