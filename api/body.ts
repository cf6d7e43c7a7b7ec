import type { Readable } from 'node:stream';
import type { Context } from 'koa';
import type { HeldBytes } from './body-budget.ts';
import { invalidParameters, jsonTooLarge, unsupportedCoding } from './errors.ts';
import { jsonExcess } from './json-excess.ts';

export const JSON_TYPE = 'application/json';

/**
 * A body is read as it is sent.
 * @param what the body has to be, for who sends none
 * @throws ApiError 415 when it is compressed, 400 when there is none
 */
export function refuseUnreadable(context: Context, what: string): void {
  if (!/^(?:identity)?$/i.test(context.get('Content-Encoding'))) throw unsupportedCoding();
  const hasBody = context.get('Transfer-Encoding') !== '' || (context.request.length ?? 0) > 0;
  if (!hasBody) throw invalidParameters('', `The request needs a body: ${what}.`);
}

/** True when the headers say that the body has more than `maxBytes`. */
export function isLarger(context: Context, maxBytes: number): boolean {
  return (context.request.length ?? 0) > maxBytes;
}

/**
 * Parses JSON in UTF-8.
 * @throws ApiError 400, before it is parsed when it is nested too deep or has too many values
 */
export function parseJson(bytes: Uint8Array): unknown {
  const excess = jsonExcess(bytes);
  if (excess !== undefined) throw invalidParameters('', excess);
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw invalidParameters('', 'The request is not valid JSON.', { cause: error });
  }
}

/**
 * Reads a stream whole, and throws the rest of it away when it fails.
 * @param held counts what is read; not when it is absent
 * @throws ApiError 413 when it is larger than `maxBytes`, 400 when it is cut off, or what `held` throws
 */
export async function readBytes(stream: Readable, maxBytes: number, held?: Pick<HeldBytes, 'add'>): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  let chunks: Buffer[] | undefined = [];
  let sizeBytes = 0;
  let isWhole = false;
  const fail = (error: unknown) => {
    chunks = undefined;
    reject(error);
  };
  stream.on('data', (chunk: Buffer) => {
    if (chunks === undefined) return;
    sizeBytes += chunk.length;
    if (sizeBytes > maxBytes) return void fail(jsonTooLarge(maxBytes));
    try {
      held?.add(chunk.length);
      chunks.push(chunk);
    } catch (error) {
      fail(error);
    }
  });
  stream.on('end', () => {
    isWhole = true;
    resolve(Buffer.concat(chunks ?? []));
  });
  const cut = (cause?: unknown) => {
    // Every stream closes: an error, with its trace, is made for one alone that was cut off.
    if (!isWhole) reject(invalidParameters('', 'The request ended too early.', { cause }));
  };
  stream.on('error', cut);
  stream.on('close', () => {
    cut();
  });
  if (stream.destroyed) cut();
  return await promise;
}
