import type { TestContext } from 'node:test';
import { pino } from 'pino';
import { createAuthenticate } from '../../api/auth/bearer.ts';
import { newKey } from '../../api/auth/key.ts';
import { createKeyVerifier } from '../../api/auth/keys.ts';
import type { Scope } from '../../api/auth/principal.ts';
import { createChangeWaiter } from '../../store/changes.ts';
import type { ApiKey } from '../../store/keys.ts';
import type { Store } from '../../store/store.ts';
import { startApi } from './api-server.ts';
import type { Changes, TestApi } from './api-server.ts';
import { openStore } from './open-store.ts';

/** A client with an API key. */
export interface Client {
  readonly owner: string;
  readonly keyId: string;
  /** The key itself. */
  readonly text: string;
  readonly headers: { readonly authorization: string };
  /** As {@link TestApi.call}, with the key. */
  readonly call: TestApi['call'];
}

/** The API under test where API keys are asked for. */
export interface GuardedApi extends TestApi {
  /** Makes a key. */
  as(owner: string, ...scopes: readonly Scope[]): Promise<Client>;
}

/** Starts an API that asks for API keys. */
export async function startGuardedApi(context: TestContext, changes: Changes = {}): Promise<GuardedApi> {
  const store = changes.store ?? (await openStore(context));
  const authenticate = createAuthenticate(createKeyVerifier({ keys: store.keys, logger: pino({ level: 'silent' }) }));
  const api = await startApi(context, { store, changes: createChangeWaiter(store), authenticate, ...changes });
  return { ...api, as: (owner, ...scopes) => clientOf(api, owner, scopes) };
}

async function clientOf(api: TestApi, owner: string, scopes: readonly Scope[]): Promise<Client> {
  const { id, text } = await makeKey(api.store, { owner, scopes });
  const headers = { authorization: `Bearer ${text}` };
  return {
    owner,
    keyId: id,
    text,
    headers,
    call: (method, path, body, more) => api.call(method, path, body, { ...headers, ...more }),
  };
}

/** Keeps a new key in `store`. */
export async function makeKey(
  { keys }: Pick<Store, 'keys'>,
  fields: Pick<ApiKey, 'owner' | 'scopes'> & Partial<ApiKey>,
): Promise<ApiKey & { readonly text: string }> {
  const { id, secretHash, text } = newKey();
  const key = { id, secretHash, created: Date.now(), ...fields };
  await keys.create(key);
  return { ...key, text };
}
