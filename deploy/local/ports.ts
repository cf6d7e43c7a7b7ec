import { createServer } from 'node:net';
import { listenerOn } from './listeners.ts';
import { stackOf } from './processes.ts';

/** An address that a server of the stack needs. */
export interface Address {
  readonly host: string;
  readonly port: number;
  /** Server that wants it, for the message. */
  readonly wantedBy: string;
}

/** Another program listens where a server wants to; the message is one sentence that names both. */
export class BusyPortError extends Error {
  override readonly name = 'BusyPortError';
}

/** Throws {@link BusyPortError} for the first address that another program holds. */
export async function requireFreePorts(addresses: readonly Address[]): Promise<void> {
  for (const address of addresses) {
    if (await isFree(address)) continue;
    const { host, port, wantedBy } = address;
    throw new BusyPortError(`Port ${port} on ${host}, which ${wantedBy} needs, is held by ${await holderOf(port)}`);
  }
}

function isFree({ host, port }: Address): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(false);
      // The bridge's address does not exist before the bridge.
      else if (error.code === 'EADDRNOTAVAIL') resolve(true);
      else reject(error);
    });
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/** Who listens on a port, and how to make it free. */
async function holderOf(port: number): Promise<string> {
  const listener = await listenerOn(port);
  if (listener === undefined) return 'another program: end that one, or use `docker compose up` with other ports.';
  const { name, pid } = listener;
  const stack = await stackOf(pid);
  return stack === undefined
    ? `${name} (pid ${pid}): end that program, or use \`docker compose up\` with other ports.`
    : `${name} (pid ${pid}) of the stack in ${stack}: stop that one with \`make down\` in its checkout.`;
}
