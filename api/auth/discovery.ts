import { z } from 'zod';
import { onceSucceeded } from '../../promises.ts';
import { unavailable } from '../errors.ts';

/** How long an issuer may take to answer, in milliseconds. */
export const ASK_TIMEOUT_MS = 5_000;

/** Where an issuer has what is used of it. */
export interface Issuer {
  readonly keysUrl: URL;
  /** Where the page gets its token; absent when the issuer names none. */
  readonly tokenUrl?: URL;
}

const address = z.url({ protocol: /^https?$/ });
const discoverySchema = z.object({ issuer: z.string(), jwks_uri: address, token_endpoint: address.optional() });

/**
 * Asks an issuer where it has what (OpenID Connect Discovery 1.0), until it has answered once.
 * @throws ApiError 503
 */
export function createDiscovery(issuer: string): () => Promise<Issuer> {
  return onceSucceeded(async () => {
    try {
      return await discover(issuer);
    } catch (error) {
      throw unavailable('The issuer of tokens', error);
    }
  });
}

async function discover(issuer: string): Promise<Issuer> {
  const response = await fetch(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`, {
    redirect: 'error',
    signal: AbortSignal.timeout(ASK_TIMEOUT_MS),
  });
  if (!response.ok) throw new Error(`discovery was answered by ${response.status}`);
  const { issuer: named, jwks_uri: keys, token_endpoint: token } = discoverySchema.parse(await response.json());
  if (named !== issuer) throw new Error(`the issuer calls itself ${named}`);
  if (issuer.startsWith('https:') && !keys.startsWith('https:')) throw new Error('its keys are not behind https');
  return { keysUrl: new URL(keys), ...(token !== undefined && { tokenUrl: new URL(token) }) };
}
