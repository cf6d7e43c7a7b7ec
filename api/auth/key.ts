/** What an API key is made of: `ktr_<id>_<secret>`. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { ApiKey } from '../../store/keys.ts';

const PREFIX = 'ktr_';
const ID_BYTES = 6;
/** Nobody guesses 256 random bits, so that one round of SHA-256 keeps them: slow hashes are for what people think of. */
const SECRET_BYTES = 32;
const KEY = /^ktr_([0-9a-f]{12})_([A-Za-z0-9_-]{43})$/;

/** What a key is found and checked by. */
export type KeyProof = Pick<ApiKey, 'id' | 'secretHash'>;

/** A new key: the text that its owner gets, and what is kept of it. */
export function newKey(): KeyProof & { readonly text: string } {
  const id = randomBytes(ID_BYTES).toString('hex');
  const secret = randomBytes(SECRET_BYTES).toString('base64url');
  return { id, secretHash: hashOf(secret), text: `${PREFIX}${id}_${secret}` };
}

/** True for what is meant to be an API key, well or not. */
export function looksLikeKey(token: string): boolean {
  return token.startsWith(PREFIX);
}

/** What a key says of itself; undefined for what is no key. */
export function parseKey(token: string): KeyProof | undefined {
  const [, id, secret] = KEY.exec(token) ?? [];
  return id === undefined || secret === undefined ? undefined : { id, secretHash: hashOf(secret) };
}

/** True when `proof` is of `key`. It takes as long wherever the two differ. */
export function isProofOf(proof: KeyProof, key: KeyProof): boolean {
  const [given, kept] = [proof, key].map(({ secretHash }) => Buffer.from(secretHash, 'hex')) as [Buffer, Buffer];
  return proof.id === key.id && given.length === kept.length && timingSafeEqual(given, kept);
}

/** True when a key may be used at this time, in epoch milliseconds. */
export function isInForce({ revoked, expires }: Pick<ApiKey, 'revoked' | 'expires'>, nowMs: number): boolean {
  return revoked === undefined && (expires === undefined || nowMs < expires);
}

function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}
