import type { StoredObject } from '../workflows/contract.ts';
import type { Access } from './access.ts';
import type { Content } from './errors.ts';
import { statusOf } from './faults.ts';
import { exchange } from './http.ts';
import type { HttpAnswer } from './http.ts';
import { withPatience } from './patience.ts';

/** An object as the bucket has it now; `generation` names this very content. */
export interface Found {
  readonly stored: StoredObject;
  readonly generation: number;
}

/** Address of an object's metadata. */
export function objectUrl(access: Access, object: string): string {
  return `${access.endpoint}/storage/v1/b/${encodeURIComponent(access.bucketName)}/o/${encodeURIComponent(object)}`;
}

/** Looks an object up. Undefined only when the bucket said that there is none. */
export async function findObject(access: Access, object: string, signal?: AbortSignal): Promise<Found | undefined> {
  try {
    const url = `${objectUrl(access, object)}?fields=size,crc32c,generation`;
    const abort = signal === undefined ? {} : { signal };
    const answer = await withPatience(
      async () => exchange({ method: 'GET', url, headers: await access.authorization(), ...abort }),
      { limitMs: access.patienceMs, signal },
    );
    return foundIn(object, answer.body);
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw error;
  }
}

/** Reads the object resource that a server answers to a lookup or a finished upload. Throws when it lacks a field. */
export function foundIn(object: string, json: string): Found {
  const { size, crc32c, generation } = JSON.parse(json) as Record<'size' | 'crc32c' | 'generation', unknown>;
  const numbers = [Number(size), Number(generation)] as const;
  if (typeof crc32c !== 'string' || !numbers.every(Number.isSafeInteger)) {
    throw new Error(`the bucket's answer about ${object} lacks size, crc32c or generation`);
  }
  return { stored: { object, sizeBytes: numbers[0], crc32c }, generation: numbers[1] };
}

/**
 * The same of an answer to an upload: Google's XML API, which uploads by signed URLs go to, says it in headers and sends no body.
 * See https://cloud.google.com/storage/docs/xml-api/reference-headers
 */
export function foundInAnswer(object: string, { headers, body }: HttpAnswer): Found {
  const [, crc32c] = /crc32c=([A-Za-z0-9+/=]+)/.exec(String(headers['x-goog-hash'])) ?? [];
  if (crc32c === undefined) return foundIn(object, body);
  const { 'x-goog-stored-content-length': size, 'x-goog-generation': generation } = headers;
  return foundIn(object, JSON.stringify({ size, crc32c, generation }));
}

/** True when both hold the same bytes. */
export function sameContent(a: Content, b: Content): boolean {
  return a.sizeBytes === b.sizeBytes && a.crc32c === b.crc32c;
}
