import type { ApiConfig } from '../../config.ts';
import { createAuthenticate } from './bearer.ts';
import type { VerifyToken } from './bearer.ts';
import { looksLikeKey } from './key.ts';
import { createKeyVerifier } from './keys.ts';
import type { KeySources } from './keys.ts';
import { createOidcVerifier } from './oidc.ts';
import type { Authenticate } from './principal.ts';

const nobody: VerifyToken = () => Promise.resolve(undefined);

/** How callers say who they are by this configuration; undefined when nobody is asked. */
export function authenticateBy(
  { auth, oidc }: Pick<ApiConfig, 'auth' | 'oidc'>,
  sources: KeySources,
): Authenticate | undefined {
  if (auth.length === 0) return undefined;
  const verifyKey = auth.includes('keys') ? createKeyVerifier(sources) : nobody;
  const verifyOther = oidc && auth.includes('oidc') ? createOidcVerifier(oidc) : nobody;
  return createAuthenticate((token) => (looksLikeKey(token) ? verifyKey(token) : verifyOther(token)));
}
