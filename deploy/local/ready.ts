import { connect } from 'node:net';
import type { IpcNetConnectOpts, TcpNetConnectOpts } from 'node:net';
import { get as getHttp } from 'node:http';
import { get as getHttps } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';

/** True once a server does its work. Never throws for a server that is not there yet. */
export type ReadyCheck = () => Promise<boolean>;

const ATTEMPT_MS = 2_000;

/** Ready when the address answers 200. A server's own certificate is not checked, only that it lives. */
export function answers(url: string): ReadyCheck {
  return () =>
    new Promise((resolve) => {
      const options = { timeout: ATTEMPT_MS, rejectUnauthorized: false, agent: false };
      const call = (url.startsWith('https:') ? getHttps : getHttp)(url, options, (response) => {
        response.resume();
        resolve(response.statusCode === 200);
      });
      call.once('timeout', () => call.destroy());
      call.once('error', () => resolve(false));
    });
}

/** Ready when something listens: a TCP port, or the path of a unix socket. */
export function listens(target: TcpNetConnectOpts | IpcNetConnectOpts): ReadyCheck {
  return () =>
    new Promise((resolve) => {
      const socket = connect({ ...target, timeout: ATTEMPT_MS });
      const end = (ready: boolean) => {
        socket.destroy();
        resolve(ready);
      };
      socket.once('connect', () => end(true));
      socket.once('timeout', () => end(false));
      socket.once('error', () => end(false));
    });
}

/** Asks again and again until `check` says yes; false when the time is over, or `given up` says that it never will. */
export async function becomesTrue(
  check: ReadyCheck,
  timeoutMs: number,
  hopeless: () => Promise<boolean> = () => Promise.resolve(false),
): Promise<boolean> {
  const deadline = Date.now() + timeoutMs;
  while (Date.now() < deadline) {
    if (await check()) return true;
    if (await hopeless()) return false;
    await sleep(100);
  }
  return false;
}
