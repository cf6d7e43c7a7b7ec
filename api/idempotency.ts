import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { stringify } from 'safe-stable-stringify';
import type { StoredObject } from '../workflows/contract.ts';
import { invalidParameters } from './errors.ts';
import type { JobSpec } from './schemas/job.ts';

const KEY = /^[!-~]{1,255}$/;

/**
 * SHA-256 of the `Idempotency-Key`; undefined when there is no such header.
 * @throws ApiError 400 when it is malformed
 */
export function parseIdempotencyKey(headers: IncomingHttpHeaders): string | undefined {
  const key = headers['idempotency-key'];
  if (key === undefined) return undefined;
  if (typeof key === 'string' && KEY.test(key)) return sha256(key);
  throw invalidParameters({ 'Idempotency-Key': 'Must be 1 to 255 visible ASCII characters' });
}

/**
 * The same for the same request: what was asked for, whatever the order of its keys and its white space, and the content of
 * the input, whichever way it was sent. Of an input that was named it is the address, as the client knows nothing else.
 */
export function requestHashOf({ name, parameters, inputUrl }: JobSpec, input: StoredObject | undefined): string {
  const content = inputUrl?.url ?? (input && { sizeBytes: input.sizeBytes, crc32c: input.crc32c });
  return sha256(String(stringify({ name, parameters, content })));
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
