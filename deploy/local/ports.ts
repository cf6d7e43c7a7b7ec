import { createServer } from 'node:net';
import { run } from './command.ts';

/** An address that a server of the stack needs. */
export interface Address {
  readonly host: string;
  readonly port: number;
  /** Server that wants it, for the message. */
  readonly wantedBy: string;
}

/** Throws one sentence that names the first address that another program holds, and that program if it can be seen. */
export async function requireFreePorts(addresses: readonly Address[]): Promise<void> {
  for (const address of addresses) {
    if (await isFree(address)) continue;
    const holder = await holderOf(address.port);
    const by = holder === undefined ? 'another program' : holder;
    throw new Error(
      `Port ${address.port} on ${address.host}, which ${address.wantedBy} needs, is held by ${by}: ` +
        'end that program, or use another machine, or run `docker compose up` with other ports.',
    );
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

/** Name and pid of the program that listens on a port, as `ss` shows it. */
async function holderOf(port: number): Promise<string | undefined> {
  try {
    const { stdout } = await run('ss', ['-Hltnp', `sport = :${port}`]);
    const [, name, pid] = /\("([^"]+)",pid=(\d+)/.exec(stdout) ?? [];
    return name === undefined ? undefined : `${name} (pid ${pid ?? '?'})`;
  } catch {
    return undefined;
  }
}
