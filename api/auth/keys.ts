import { LRUCache } from 'lru-cache';
import type { Logger } from 'pino';
import type { ApiKey, ApiKeys } from '../../store/keys.ts';
import type { VerifyToken } from './bearer.ts';
import { isInForce, isProofOf, parseKey } from './key.ts';
import type { KeyProof } from './key.ts';
import { scopesIn } from './principal.ts';
import type { Principal } from './principal.ts';

/** A key that was revoked goes on for so long at most. */
export const REMEMBERED_MS = 5_000;
const MAX_REMEMBERED = 1_000;
/** How exact it is known when a key was used last. */
const TOUCH_INTERVAL_MS = 3_600_000;

/** What API keys are looked up in. */
export interface KeySources {
  readonly keys: Pick<ApiKeys, 'find' | 'touch'>;
  readonly logger: Logger;
  /** The clock, in epoch milliseconds; the system's by default. */
  readonly now?: () => number;
}

/**
 * Verifies API keys. A key that is good is remembered for some seconds, one that is not never is. When MongoDB is away what it throws
 * passes: that a key cannot be looked up does not make it wrong.
 */
export function createKeyVerifier(sources: KeySources): VerifyToken {
  const { now = Date.now } = sources;
  const remembered = new LRUCache<string, ApiKey, KeyProof>({
    max: MAX_REMEMBERED,
    ttl: REMEMBERED_MS,
    fetchMethod: async (_hash, _stale, { options, context }) => {
      const askedMs = performance.now();
      const key = await findKey(sources, context, now());
      // It is remembered from the question on, however long the answer took.
      options.ttl = Math.max(1, REMEMBERED_MS - (performance.now() - askedMs));
      return key;
    },
  });
  return async (token) => {
    const proof = parseKey(token);
    const key = proof && (await remembered.fetch(`${proof.id} ${proof.secretHash}`, { context: proof }));
    return key && isInForce(key, now()) ? principalOf(key) : undefined;
  };
}

/** The key that a proof is of, when it is in force. */
async function findKey({ keys, logger }: KeySources, proof: KeyProof, nowMs: number): Promise<ApiKey | undefined> {
  const key = await keys.find(proof.id);
  if (key === undefined || !isProofOf(proof, key) || !isInForce(key, nowMs)) return undefined;
  if (nowMs - (key.lastUsed ?? 0) >= TOUCH_INTERVAL_MS) {
    void keys.touch(key.id, nowMs).catch((error: unknown) => {
      logger.warn({ err: error, key: key.id }, 'use of a key could not be noted');
    });
  }
  return key;
}

function principalOf({ id, owner, scopes }: ApiKey): Principal {
  return { owner, scopes: scopesIn(scopes), credential: `key ${id}` };
}
