/** Who looks at the page, and by which client it asks. */
import { createContext } from 'preact';
import { useCallback, useContext, useEffect, useMemo, useState } from 'preact/hooks';
import { createClient } from '../../client/client.ts';
import type { JobClient } from '../../client/client.ts';
import { asUnreachable, refusalOf } from '../../client/errors.ts';
import { patiently } from '../../client/patience.ts';
import { createSignIn } from './oidc.ts';
import type { OidcClient, SignIn } from './oidc.ts';

/** What the API says about itself to the page. */
interface PageConfig {
  readonly auth: readonly string[];
  readonly oidc?: OidcClient;
  /** Address of a workflow in the Temporal Web UI, with `{id}` in the place of its id. */
  readonly workflow_url?: string;
}

/** The present user. */
export interface Session {
  readonly client: JobClient;
  readonly config: PageConfig;
  readonly credential: string | undefined;
  readonly isSignedIn: boolean;
  readonly canSignOut: boolean;
  readonly signOut: () => void;
  readonly oidc: SignIn | undefined;
  /** Why somebody who came back from the provider is not signed in. */
  readonly refusal: string | undefined;
}

export const SessionContext = createContext<Session | undefined>(undefined);

/** The session of the page. */
export function useSession(): Session {
  const session = useContext(SessionContext);
  if (session === undefined) throw new Error('there is no session here');
  return session;
}

/** A session that may have to be begun yet. */
export interface NewSession {
  /** Absent until the API has said something of itself. */
  readonly session: Session | undefined;
  readonly problem: string | undefined;
  readonly signIn: (key: string) => void;
}

const KEY = 'credential';

/** Reads what the API says, and whether somebody has signed in in this window. A key is forgotten with the window. */
export function useNewSession(): NewSession {
  const [config, setConfig] = useState<PageConfig>();
  const [problem, setProblem] = useState<string>();
  const [credential, setCredential] = useState(() => sessionStorage.getItem(KEY) ?? undefined);
  const oidc = useMemo(() => config?.oidc && createSignIn(config.oidc), [config]);
  const signIn = useCallback((key: string) => (sessionStorage.setItem(KEY, key), setCredential(key)), []);
  const signOut = useCallback(() => (sessionStorage.removeItem(KEY), setCredential(undefined)), []);
  useEffect(() => followConfig(setConfig, ({ message }) => setProblem(message)), []);
  const [refusal, setRefusal] = useState<string>();
  useEffect(
    () =>
      void oidc?.finish().then(
        (token) => token && signIn(token),
        (error: Error) => setRefusal(error.message),
      ),
    [oidc],
  );
  const session = useMemo((): Session | undefined => {
    if (config === undefined) return undefined;
    const client = createClient({ url: baseUrl(), ...(credential !== undefined && { credential }) });
    const isSignedIn = config.auth.length === 0 || credential !== undefined;
    return { client, config, credential, isSignedIn, canSignOut: credential !== undefined, signOut, oidc, refusal };
  }, [config, credential, oidc, refusal]);
  return { session, problem, signIn };
}

/** Where the API is: it gives the page. */
export function baseUrl(): string {
  return new URL('.', location.href).href.replace(/\/$/, '');
}

/** Asks until the API has answered; what is returned ends it. */
function followConfig(onConfig: (config: PageConfig) => void, onProblem: (error: Error) => void): () => void {
  const leaving = new AbortController();
  const { signal } = leaving;
  const onTrouble = (error: unknown) => onProblem(error as Error);
  patiently({ signal, onTrouble, maxTries: Infinity }, () => readConfig(signal)).then(
    onConfig,
    (error: Error) => !signal.aborted && onProblem(error),
  );
  return () => leaving.abort(new Error('not shown any more'));
}

/** Rejects with `ApiRefusal` for every answer but success, and with `ServiceUnreachable` without an answer. */
async function readConfig(signal: AbortSignal): Promise<PageConfig> {
  try {
    const answer = await fetch('page.json', { signal });
    if (!answer.ok) throw await refusalOf(answer);
    return (await answer.json()) as PageConfig;
  } catch (error) {
    throw asUnreachable(error, baseUrl(), signal);
  }
}
