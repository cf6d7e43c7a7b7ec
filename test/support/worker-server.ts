import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Registry } from 'prom-client';
import { createAnnouncer } from '../../worker/announcer.ts';
import type { Announcer } from '../../worker/announcer.ts';
import type { Health } from '../../worker/health.ts';
import { createRegistry } from '../../metrics.ts';
import { createWorkerServer } from '../../worker/server.ts';
import type { Closing } from './scope.ts';

const WELL: Health = { isAlive: true, isReady: true, checks: { temporal: 'running', watcher: 'ok' } };

/** The port of a worker, without the worker. */
export interface WorkerServer {
  readonly url: string;
  readonly port: number;
  readonly server: Server;
  /** Says what its listeners hear. */
  readonly announce: Announcer['announce'];
  stop(): void;
}

/** What of it is not as usual. */
export interface WorkerServerOptions {
  /** What is not said is well. */
  readonly health?: Partial<Health>;
  readonly registry?: Registry;
  /** By default a free one. */
  readonly port?: number;
  readonly heartbeatMs?: number;
  /** What its listeners have to send; without one there is nothing to hear. Default {@link WORKER_TOKEN}. */
  readonly token?: string | undefined;
}

/** Token of a worker of the tests. */
export const WORKER_TOKEN = 'a-token-of-the-tests-alone-12345678';

/** Listens until the test ends. */
export async function startWorkerServer(context: Closing, options: WorkerServerOptions = {}): Promise<WorkerServer> {
  const { health = {}, registry = createRegistry(), heartbeatMs } = options;
  const token = 'token' in options ? options.token : WORKER_TOKEN;
  const announcer = createAnnouncer(heartbeatMs);
  const server = createWorkerServer(() => ({ ...WELL, ...health }), registry, { announcer, token });
  const stop = () => {
    server.closeAllConnections();
    server.close();
  };
  context.after(stop);
  await once(server.listen(options.port ?? 0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, port, server, announce: announcer.announce, stop };
}
