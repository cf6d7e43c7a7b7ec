import type { Context } from 'koa';
import { unauthorized } from '../errors.ts';
import type { Authenticate, Principal } from './principal.ts';

/** Whose a token is, and what for; undefined when it is nobody's. Throws when that cannot be found out now. */
export type VerifyToken = (token: string) => Promise<Principal | undefined>;

/** RFC 6750: in the header alone. Addresses are kept by proxies and browsers. */
const BEARER = /^Bearer +([A-Za-z0-9._~+/-]+=*) *$/i;

/** The token of a request; undefined when it has none. */
export function bearerTokenOf(context: Context): string | undefined {
  return BEARER.exec(context.get('Authorization'))?.[1];
}

/** Takes `Authorization: Bearer`. Why a token is not good is nobody's business but its owner's, who can look for himself. */
export function createAuthenticate(verify: VerifyToken): Authenticate {
  return async (context: Context): Promise<Principal> => {
    const token = bearerTokenOf(context);
    if (token === undefined) throw unauthorized('Say who you are: Authorization: Bearer, and an API key or a token.');
    const principal = await verify(token);
    if (principal === undefined)
      throw unauthorized('This key or token is not known, or not any more.', 'invalid_token');
    return principal;
  };
}
