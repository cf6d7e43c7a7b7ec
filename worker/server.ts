import { createHash, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Registry } from 'prom-client';
import { answerMetrics } from '../metrics.ts';
import type { Announcer } from './announcer.ts';
import type { Health } from './health.ts';

/** What `/changes` answers with, and to which callers. */
export interface Changes {
  readonly announcer: Announcer;
  /** Bearer token that a caller must send; without it `/changes` does not exist. */
  readonly token?: string | undefined;
}

/**
 * `GET /livez`, `GET /readyz`: 200 or 503, and why, as JSON. `GET /metrics`: all of `registry`, as Prometheus' text. `GET /changes`: what
 * `announcer` says, for as long as the client stays; 401 without the token.
 */
export function createWorkerServer(health: () => Health, registry: Registry, changes: Changes): Server {
  const routes: Readonly<Record<string, (response: ServerResponse) => void | Promise<void>>> = {
    '/livez': (response) => answer(response, health(), ({ isAlive }) => isAlive),
    '/readyz': (response) => answer(response, health(), ({ isReady }) => isReady),
    '/changes': (response) => attach(response, changes),
    '/metrics': (response) => answerMetrics(registry, response),
  };
  return createServer((request, response) => {
    const route = routes[request.url?.split('?', 1)[0] ?? ''];
    if (route === undefined) return void response.writeHead(404).end();
    if (request.method !== 'GET' && request.method !== 'HEAD') return void refuseMethod(response);
    Promise.resolve(route(response)).catch(() => response.writeHead(500).end());
  });
}

function attach(response: ServerResponse, { announcer, token }: Changes): void {
  if (token === undefined) return void response.writeHead(404).end();
  if (isBearerOf(token, response.req.headers.authorization)) return announcer.attach(response);
  response.writeHead(401, { 'WWW-Authenticate': 'Bearer' }).end();
}

/** Compares digests, which takes as long wherever the two differ. */
function isBearerOf(token: string, authorization = ''): boolean {
  const [given, expected] = [authorization, `Bearer ${token}`].map((text) =>
    createHash('sha256').update(text).digest(),
  );
  return given !== undefined && expected !== undefined && timingSafeEqual(given, expected);
}

/** Listens. @returns the URL. @throws when the address is taken */
export async function listen(server: Server, host: string, port: number): Promise<string> {
  await once(server.listen(port, host), 'listening');
  const { address, family, port: taken } = server.address() as AddressInfo;
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${taken}`;
}

function answer(response: ServerResponse, health: Health, isWell: (health: Health) => boolean): void {
  const headers = { 'Content-Type': 'application/json; charset=utf-8' };
  response.writeHead(isWell(health) ? 200 : 503, headers).end(`${JSON.stringify(health.checks)}\n`);
}

function refuseMethod(response: ServerResponse): void {
  response.writeHead(405, { Allow: 'GET, HEAD' }).end();
}
