import { invalidParameters, payloadTooLarge } from './errors.ts';

/**
 * Parses JSON in UTF-8.
 * @throws ApiError 400
 */
export function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw invalidParameters('', 'The request is not valid JSON.', { cause: error });
  }
}

/** Reads a stream whole, unless it is larger than `maxBytes`: then it throws 413, and throws the rest away. */
export async function readBytes(stream: NodeJS.ReadableStream, maxBytes: number): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  let isWhole = false;
  stream.on('data', (chunk: Buffer) => {
    sizeBytes += chunk.length;
    if (sizeBytes <= maxBytes) chunks.push(chunk);
    else reject(payloadTooLarge(`The request is larger than ${maxBytes} bytes.`));
  });
  stream.on('end', () => {
    isWhole = true;
    resolve(Buffer.concat(chunks));
  });
  stream.on('error', reject);
  stream.on('close', () => {
    // Every stream closes: an error, with its trace, is made for one alone that was cut off.
    if (!isWhole) reject(invalidParameters('', 'The request ended too early.'));
  });
  return await promise;
}
