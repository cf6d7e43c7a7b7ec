/** Signing in at an OpenID provider, with a code and PKCE: no secret is in the page. */
import { UserManager } from 'oidc-client-ts';

/** Ways to sign in and to come back. */
export interface SignIn {
  /** Leaves for the provider. */
  begin(): Promise<void>;
  /** The token, when the provider has just sent somebody back; undefined otherwise. */
  finish(): Promise<string | undefined>;
}

/** What we are to the provider. */
export interface OidcClient {
  readonly issuer: string;
  readonly client_id: string;
  /** Whom the tokens are for. */
  readonly audience: string;
  /** What to ask for, as far as the provider grants it. */
  readonly scope: string;
}

/** Signs in by a provider. */
export function createSignIn({ issuer, client_id, audience, scope }: OidcClient): SignIn {
  const redirect_uri = `${location.origin}${location.pathname}`;
  // RFC 8707 knows addresses alone; who names an audience otherwise has a parameter of that name.
  const resource = URL.canParse(audience) ? { resource: audience } : {};
  const manager = new UserManager({
    authority: issuer,
    client_id,
    redirect_uri,
    scope,
    ...resource,
    extraTokenParams: resource,
    extraQueryParams: { audience },
  });
  return {
    begin: () => manager.signinRedirect({ state: location.hash }),
    async finish() {
      if (!new URLSearchParams(location.search).has('code')) return undefined;
      const { access_token: token, state } = await manager
        .signinCallback()
        .then((user) => user ?? Promise.reject(new Error('nobody has signed in')));
      history.replaceState(undefined, '', redirect_uri);
      // Whoever shows what the address means hears of this alone.
      if (typeof state === 'string') location.hash = state;
      return token;
    },
  };
}
