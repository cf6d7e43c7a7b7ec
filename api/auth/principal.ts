/** Who asks, and what they may do. */
import type { Context, Middleware, Next } from 'koa';
import type { Job } from '../../workflows/contract.ts';
import { outOfScope } from '../errors.ts';
import type { ApiError } from '../errors.ts';

/** What a credential may do: look at jobs, start them, kill them; `admin`, do so with the jobs of all owners. */
export const SCOPES = ['read', 'submit', 'kill', 'admin'] as const;
export type Scope = (typeof SCOPES)[number];

/** The scopes among some words; what else a credential is good for is none of our business. */
export function scopesIn(words: readonly string[]): ReadonlySet<Scope> {
  return new Set(SCOPES.filter((scope) => words.includes(scope)));
}

/** Before each scope in a token: its issuer has other services, too, which may call a scope of theirs `admin`. */
export const TOKEN_PREFIX = 'ktr:';

/** The scopes among the words of a token, which have our prefix there. @param isBare also those without it */
export function tokenScopesIn(words: readonly string[], isBare: boolean): ReadonlySet<Scope> {
  return new Set(SCOPES.filter((scope) => words.includes(TOKEN_PREFIX + scope) || (isBare && words.includes(scope))));
}

/** The scope that the page asks an issuer for: all but `admin`, as far as the issuer grants it. */
export function pageScope(isBare: boolean): string {
  const scopes = SCOPES.filter((scope) => scope !== 'admin').map((scope) => (isBare ? scope : TOKEN_PREFIX + scope));
  return ['openid', ...scopes].join(' ');
}

/** Who a request comes from, by its credential. */
export interface Principal {
  /** Whose the jobs are that it starts; absent where nobody is asked who they are. */
  readonly owner?: string;
  readonly scopes: ReadonlySet<Scope>;
  /** What stands before each scope in such a credential; nothing when it is absent. */
  readonly scopePrefix?: string;
  /** Tells one credential from another, for limits and logs; it is no secret. */
  readonly credential: string;
}

/** Where nobody is asked, everybody may do everything. */
export const ANYBODY: Principal = { scopes: new Set(SCOPES), credential: 'anybody' };

/** Who sent the request. @throws Error when no middleware has found that out: then nothing may be answered */
export function principalOf(context: Context): Principal {
  const { principal } = context.state as { principal?: Principal };
  if (principal === undefined) throw new Error('a request reached a handler before anybody asked who sent it');
  return principal;
}

/** True when `principal` may know of the job: it is its own, or it may know of all. Owners are compared exactly. */
export function maySee({ owner, scopes }: Principal, job: Pick<Job, 'owner'>): boolean {
  return scopes.has('admin') || (owner !== undefined && job.owner === owner);
}

/** Finds out who sent a request. @throws ApiError 401 or 503 */
export type Authenticate = (context: Context) => Promise<Principal>;

/** Everything behind it knows who asks. */
export function identify(authenticate: Authenticate): Middleware {
  return async (context: Context, next: Next) => {
    (context.state as { principal?: Principal }).principal = await authenticate(context);
    await next();
  };
}

/** True when the credential is good for `scope`. */
function hasScope({ scopes }: Principal, scope: Scope): boolean {
  return scopes.has(scope) || scopes.has('admin');
}

/** 403, with the scope as the issuer of the credential names it. */
export function lacksScope({ scopePrefix = '' }: Principal, scope: Scope): ApiError {
  return outOfScope(scopePrefix + scope);
}

/** Refuses requests whose credential is good for other things only. */
export function requireScope(scope: Scope): Middleware {
  return async (context: Context, next: Next) => {
    const principal = principalOf(context);
    if (!hasScope(principal, scope)) throw lacksScope(principal, scope);
    await next();
  };
}
