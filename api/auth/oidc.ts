import { createRemoteJWKSet, errors, jwtVerify } from 'jose';
import type { JWTPayload, JWTVerifyGetKey, JWTVerifyOptions } from 'jose';
import type { OidcConfig } from '../../config.ts';
import { onceSucceeded } from '../../promises.ts';
import { unavailable } from '../errors.ts';
import type { VerifyToken } from './bearer.ts';
import { ASK_TIMEOUT_MS, createDiscovery } from './discovery.ts';
import { TOKEN_PREFIX, tokenScopesIn } from './principal.ts';
import type { Principal } from './principal.ts';

/** How far the clock of the issuer may be from ours. */
const CLOCK_TOLERANCE_SECONDS = 30;
/** Old keys are forgotten after this long. An unknown one is looked for earlier, but not more often than every 30 seconds. */
const KEYS_MAX_AGE_MS = 600_000;
const KEY_OPTIONS = { timeoutDuration: ASK_TIMEOUT_MS, cacheMaxAge: KEYS_MAX_AGE_MS };

/** That no key of the issuer fits a token. */
const OF_TOKEN = [errors.JWKSNoMatchingKey, errors.JWKSMultipleMatchingKeys, errors.JOSENotSupported];

/**
 * Verifies tokens of one issuer: signature, issuer, audience and time, by the algorithms of the configuration alone. An issuer whose keys
 * cannot be had makes no token wrong.
 */
export function createOidcVerifier(config: OidcConfig): VerifyToken {
  const discover = createDiscovery(config.issuer);
  const getKeys = onceSucceeded(async () => createRemoteJWKSet((await discover()).keysUrl, KEY_OPTIONS));
  const getKey: JWTVerifyGetKey = async (header, token) => {
    const keys = await getKeys();
    return await keys(header, token).catch(refuseOrPass);
  };
  const options: JWTVerifyOptions = {
    issuer: config.issuer,
    audience: config.audience,
    algorithms: [...config.algorithms],
    requiredClaims: ['exp', config.ownerClaim],
    clockTolerance: CLOCK_TOLERANCE_SECONDS,
  };
  return async (token) => {
    const payload = await payloadOf(token, getKey, options);
    return payload && principalOf(payload, config);
  };
}

/** What a token says; undefined when it is not good. */
async function payloadOf(
  token: string,
  getKey: JWTVerifyGetKey,
  options: JWTVerifyOptions,
): Promise<JWTPayload | undefined> {
  try {
    return (await jwtVerify(token, getKey, options)).payload;
  } catch (error) {
    if (error instanceof errors.JOSEError) return undefined;
    throw error;
  }
}

/** A key that the issuer does not have is the token's fault, all else is the issuer's. */
function refuseOrPass(error: unknown): never {
  throw OF_TOKEN.some((kind) => error instanceof kind) ? error : unavailable('The issuer of tokens', error);
}

/** An owner of one issuer is never that of another, nor one whom a key was made for by his bare name. */
function principalOf(payload: JWTPayload, config: OidcConfig): Principal | undefined {
  const subject = payload[config.ownerClaim];
  if (typeof subject !== 'string' || !/^\P{Cc}{1,255}$/u.test(subject)) return undefined;
  const owner = `${config.issuer}#${subject}`;
  const isBare = config.areScopesBare === true;
  const scopes = tokenScopesIn(wordsIn(payload[config.scopesClaim]), isBare);
  return { owner, scopes, scopePrefix: isBare ? '' : TOKEN_PREFIX, credential: `token of ${owner}` };
}

/** RFC 9068 has words in one text; many issuers have a list. */
function wordsIn(claim: unknown): readonly string[] {
  if (typeof claim === 'string') return claim.split(' ');
  return Array.isArray(claim) ? claim.filter((word) => typeof word === 'string') : [];
}
