/** `Content-Digest` of RFC 9530: the client says what it sends, and we check what arrived. */
import { createHash } from 'node:crypto';
import type { Hash } from 'node:crypto';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { parseDictionary } from 'structured-headers';
import { invalidParameters } from './errors.ts';
import type { ApiError } from './errors.ts';

/** The algorithms that the standard calls active, and what Node calls them. All others are ignored, as it asks. */
const ALGORITHMS = { 'sha-256': 'sha256', 'sha-512': 'sha512' } as const;

const MEMBER = '[a-z*][a-z0-9_.*-]*=:(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?:';

/** A dictionary of byte sequences, as RFC 9530 writes digests and RFC 9651 dictionaries; the standard knows no parameters of a member. */
export const CONTENT_DIGEST = new RegExp(`^${MEMBER}(?:[ \\t]*,[ \\t]*${MEMBER})*$`);

/** What a header says of the content, and what has arrived of it. */
export interface ExpectedDigest {
  readonly algorithm: string;
  readonly expected: Buffer;
  readonly hash: Hash;
}

/**
 * The digests that a request says its content has; none without a header.
 * @throws ApiError 400 when the header is malformed
 */
export function parseContentDigest(headers: IncomingHttpHeaders): readonly ExpectedDigest[] {
  const header = headers['content-digest'];
  if (header === undefined) return [];
  if (!CONTENT_DIGEST.test(String(header))) throw malformed();
  const dictionary = parseDictionary(String(header));
  return Object.entries(ALGORITHMS).flatMap(([algorithm, name]) => {
    const member = dictionary.get(algorithm);
    if (!(member?.[0] instanceof ArrayBuffer)) return [];
    return [{ algorithm, expected: Buffer.from(member[0]), hash: createHash(name) }];
  });
}

/**
 * Lets `read` read the request to its end, and hashes what comes by.
 * @throws ApiError 400 when the content is not what the digests say, or what `read` throws
 */
export async function readChecked<T>(
  request: IncomingMessage,
  digests: readonly ExpectedDigest[],
  read: () => Promise<T>,
): Promise<T> {
  const reading = read();
  if (digests.length > 0) request.on('data', (chunk: Buffer) => digests.forEach(({ hash }) => hash.update(chunk)));
  const result = await reading;
  const wrong = digests.filter(({ expected, hash }) => !hash.digest().equals(expected));
  if (wrong.length > 0) throw mismatch(wrong);
  return result;
}

function malformed(): ApiError {
  return invalidParameters({ 'Content-Digest': 'Must be a dictionary of byte sequences, like sha-256=:…:' });
}

function mismatch(wrong: readonly ExpectedDigest[]): ApiError {
  const names = wrong.map(({ algorithm }) => algorithm).join(' and ');
  return invalidParameters({ 'Content-Digest': `The content that arrived has another ${names}` });
}
