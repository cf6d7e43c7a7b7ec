import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import { exportJWK, generateKeyPair } from 'jose';
import { Provider } from 'oidc-provider';
import type { Configuration } from 'oidc-provider';
import { AUDIENCE } from './issuer.ts';

/** A certified OpenID provider, with one client that asks for tokens in its own name. */
export interface OpenidProvider {
  readonly url: string;
  readonly clientId: string;
  /** Asks for a token, as the client would; OAuth 2.0 calls this the client credentials grant. */
  token(scope: string, audience?: string): Promise<string>;
}

const CLIENT = { client_id: 'nightly', client_secret: 'only-for-tests' };
const ALGORITHM = 'ES256' as const;

/** Starts a provider until the test ends. */
export async function startOpenidProvider(context: TestContext): Promise<OpenidProvider> {
  const { server, url } = await listen(context);
  answerBy(server, new Provider(url, await configuration()));
  return { url, clientId: CLIENT.client_id, token: (scope, audience = AUDIENCE) => ask(url, scope, audience) };
}

/** A provider where people sign in, with any name and any password. */
export interface SignInProvider {
  readonly url: string;
  readonly clientId: string;
  /** The page to which it sends people back; nobody can sign in before it is told. */
  sendBackTo(url: string): Promise<void>;
}

/** Starts a provider for people until the test ends. As with some of them, tokens are had on another origin than that of its name. */
export async function startSignInProvider(context: TestContext): Promise<SignInProvider> {
  const [main, tokens] = await Promise.all([listen(context), listen(context)]);
  const sendBackTo = async (back: string) => {
    const { features, ...base } = await configuration();
    const client = { client_id: 'page', token_endpoint_auth_method: 'none', redirect_uris: [back] } as const;
    const options = {
      ...base,
      features: { ...features, devInteractions: { enabled: true } },
      clientBasedCORS: () => true,
    };
    const provider = new Provider(main.url, {
      ...options,
      clients: [client],
      scopes: ['openid', 'ktr:read', 'ktr:submit', 'ktr:kill'],
    });
    moveTokens(provider, `${tokens.url}/token`);
    for (const { server } of [main, tokens]) answerBy(server, provider);
  };
  return { url: main.url, clientId: 'page', sendBackTo };
}

async function listen(context: TestContext) {
  const server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  context.after(() => server.close().closeAllConnections());
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

function moveTokens(provider: Provider, address: string): void {
  provider.use(async (context, next) => {
    await next();
    if (context.path.endsWith('/openid-configuration'))
      Object.assign(context.body as object, { token_endpoint: address });
  });
}

function answerBy(server: Server, provider: Provider): void {
  const callback = provider.callback();
  server.on('request', (request, response) => void callback(request, response));
}

/** Tokens are JWTs for the audience that the client names, as RFC 8707 has it. */
async function configuration(): Promise<Configuration> {
  const { privateKey } = await generateKeyPair(ALGORITHM, { extractable: true });
  const getResourceServerInfo = (_context: unknown, resource: string) => ({
    scope: 'ktr:read ktr:submit ktr:kill',
    audience: resource.replace('urn:', ''),
    accessTokenFormat: 'jwt' as const,
    jwt: { sign: { alg: ALGORITHM } },
  });
  return {
    clients: [{ ...CLIENT, grant_types: ['client_credentials'], redirect_uris: [], response_types: [] }],
    clientDefaults: { id_token_signed_response_alg: ALGORITHM },
    jwks: { keys: [{ ...(await exportJWK(privateKey)), alg: ALGORITHM, use: 'sig' }] },
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      resourceIndicators: { enabled: true, getResourceServerInfo },
    },
  };
}

async function ask(url: string, scope: string, audience: string): Promise<string> {
  const { client_id, client_secret } = CLIENT;
  const body = new URLSearchParams({ grant_type: 'client_credentials', scope, resource: `urn:${audience}` });
  const authorization = `Basic ${Buffer.from(`${client_id}:${client_secret}`).toString('base64')}`;
  const response = await fetch(`${url}/token`, { method: 'POST', body, headers: { authorization } });
  const answer = (await response.json()) as { access_token?: string };
  if (answer.access_token === undefined) throw new Error(`the provider answered ${JSON.stringify(answer)}`);
  return answer.access_token;
}
