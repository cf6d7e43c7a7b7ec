import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import type { CryptoKey, JWK } from 'jose';

/** An issuer of tokens, as OpenID Connect has them: a server with a document of discovery and a set of keys. */
export interface Issuer {
  readonly url: string;
  /** How often its keys were asked for. */
  readonly keyRequests: () => number;
  /** Signs a token that is good for a minute; claims that are said come in the place of those that a good one has. */
  sign(claims?: Claims, options?: SignOptions): Promise<string>;
  /** Answers nothing but 500 until it is told otherwise. */
  setAway(isAway: boolean): void;
  /** The key by which it is checked, as everybody can have it. */
  readonly publicKey: () => JWK;
}

/** Claims of a token; one that is undefined is left out. */
export type Claims = Readonly<Record<string, unknown>>;

/** What else a token may be signed by. */
interface SignOptions {
  readonly algorithm?: string;
  readonly key?: CryptoKey | Uint8Array;
  readonly keyId?: string;
}

export const AUDIENCE = 'task-runner';
const ALGORITHM = 'ES256';

/** Starts an issuer until the test ends. */
export async function startIssuer(context: TestContext): Promise<Issuer> {
  const pair = await newPair('key-0');
  let [isAway, requests] = [false, 0];
  const server = createServer((request, response) => {
    if (request.url === '/keys') requests++;
    const body = request.url === '/keys' ? { keys: [pair.publicJwk] } : { issuer: url, jwks_uri: `${url}/keys` };
    response.writeHead(isAway ? 500 : 200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  context.after(() => server.close().closeAllConnections());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    keyRequests: () => requests,
    publicKey: () => pair.publicJwk,
    setAway: (value) => void (isAway = value),
    sign: (claims = {}, { algorithm = ALGORITHM, key = pair.privateKey, keyId = pair.publicJwk.kid ?? '' } = {}) =>
      new SignJWT({ ...goodClaims(url), ...claims }).setProtectedHeader({ alg: algorithm, kid: keyId }).sign(key),
  };
}

function goodClaims(url: string): Claims {
  const now = Math.floor(Date.now() / 1000);
  return { iss: url, aud: AUDIENCE, sub: 'alice', scope: 'openid ktr:read', iat: now, exp: now + 60 };
}

async function newPair(kid: string): Promise<{ readonly privateKey: CryptoKey; readonly publicJwk: JWK }> {
  const { privateKey, publicKey } = await generateKeyPair(ALGORITHM);
  return { privateKey, publicJwk: { ...(await exportJWK(publicKey)), kid, alg: ALGORITHM, use: 'sig' } };
}
