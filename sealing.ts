/**
 * Values that must not be read by who reads a history, a database or a log: sealed by the API, opened by the worker, with keys that both
 * are given. A sealed value is a compact JWE (RFC 7516) with AES-256-GCM; what it is for stands in its protected header, so that it
 * opens for nothing else.
 */
import { createHash, createHmac } from 'node:crypto';
import { onceSucceeded } from './promises.ts';

/** Seals texts and opens them. */
export interface Sealer {
  /** @param purpose what the text is for: the same has to be said to open it */
  seal(text: string, purpose: string): Promise<string>;
  /** @throws SealError when no key of ours has sealed it, or it is for something else */
  open(sealed: string, purpose: string): Promise<string>;
  /** The same for the same text, and of no use to who has no key. */
  fingerprint(text: string): string;
}

/** What was sealed cannot be opened. Its message holds nothing of it. */
export class SealError extends Error {
  override readonly name = 'SealError';
}

const loadJose = onceSucceeded(() => import('jose'));

/** @param keys 32 bytes each, one at least: the first seals, all open */
export function createSealer(keys: readonly Uint8Array[]): Sealer {
  const newest = keys[0];
  if (newest === undefined) throw new Error('nothing can be sealed without a key');
  const byId = new Map(keys.map((key) => [keyIdOf(key), key]));
  return {
    async seal(text, purpose) {
      const { CompactEncrypt } = await loadJose();
      const header = { alg: 'dir', enc: 'A256GCM', kid: keyIdOf(newest), purpose };
      return await new CompactEncrypt(Buffer.from(text)).setProtectedHeader(header).encrypt(newest);
    },
    open: (sealed, purpose) => open(byId, sealed, purpose),
    fingerprint: (text) => createHmac('sha256', newest).update(text).digest('base64url'),
  };
}

async function open(byId: ReadonlyMap<string, Uint8Array>, sealed: string, purpose: string): Promise<string> {
  const { compactDecrypt } = await loadJose();
  const keyOf = ({ kid = '' }: { kid?: string }) => {
    const key = byId.get(kid);
    if (key === undefined) throw new SealError('the key that sealed a value is not among those that are given');
    return key;
  };
  const algorithms = { keyManagementAlgorithms: ['dir'], contentEncryptionAlgorithms: ['A256GCM'] };
  const { plaintext, protectedHeader } = await compactDecrypt(sealed, keyOf, algorithms).catch(refuse);
  if (protectedHeader['purpose'] !== purpose) throw new SealError('a sealed value is for something else');
  return Buffer.from(plaintext).toString('utf8');
}

function refuse(error: unknown): never {
  if (error instanceof SealError) throw error;
  throw new SealError('a sealed value is damaged', { cause: error });
}

/** Tells keys apart, and tells nothing of them. */
export function keyIdOf(key: Uint8Array): string {
  return createHash('sha256').update('key id').update(key).digest('base64url').slice(0, 11);
}
