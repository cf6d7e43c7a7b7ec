import { createDiscovery } from '../auth/discovery.ts';

/**
 * Tells what the page may do: scripts, styles and answers come from us alone, and nothing may frame it. Where people sign in at an issuer the page
 * asks that one, too, and gets its token where the issuer says, which some have on another origin. While that cannot be learned nobody can sign in
 * there, and the page is given all the same.
 */
export function createPolicy(issuer: string | undefined): () => Promise<string> {
  if (issuer === undefined) return () => Promise.resolve(policyOf([]));
  const { origin } = new URL(issuer);
  const discover = createDiscovery(issuer);
  return async () => {
    const { tokenUrl } = await discover().catch(() => ({ tokenUrl: undefined }));
    return policyOf([...new Set([origin, tokenUrl?.origin ?? origin])]);
  };
}

function policyOf(asked: readonly string[]): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    `connect-src ${["'self'", ...asked].join(' ')}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}
