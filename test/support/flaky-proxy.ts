import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

/** A TCP proxy that cuts connections. */
export interface FlakyProxy extends AsyncDisposable {
  /** Address to use in place of the server's. */
  readonly endpoint: string;
  /** Connections that were cut. */
  cuts(): number;
}

/** Where and how often to cut. */
export interface Flakiness {
  /** Each of the first `cuts` connections is cut once so many bytes have gone this way. */
  readonly direction: 'to-server' | 'from-server';
  readonly afterBytes: number;
  readonly cuts: number;
}

/** Stands between a client and the real server at `target`. */
export async function createFlakyProxy(
  target: string,
  { direction, afterBytes, cuts }: Flakiness,
): Promise<FlakyProxy> {
  const { hostname, port, host } = new URL(target);
  const sockets = new Set<Socket>();
  let cut = 0;
  const server = createServer((client) => {
    const upstream = connect(Number(port), hostname);
    let passedBytes = 0;
    const cutBoth = (): void => {
      client.resetAndDestroy();
      upstream.destroy();
    };
    for (const [from, to, way] of [
      [client, upstream, 'to-server'],
      [upstream, client, 'from-server'],
    ] as const) {
      sockets.add(from.on('error', cutBoth).on('close', () => to.destroy()));
      from.on('data', (data: Buffer) => {
        passedBytes += way === direction ? data.length : 0;
        if (cut >= cuts || passedBytes <= afterBytes) {
          if (!to.write(way === 'to-server' ? addressed(data, host) : data)) from.pause();
          return;
        }
        cut += 1;
        cutBoth();
      });
      to.on('drain', () => from.resume());
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cuts: () => cut,
    [Symbol.asyncDispose]: async () => {
      sockets.forEach((socket) => socket.destroy());
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Signed URLs are for a server that goes by its own name. */
function addressed(data: Buffer, host: string): Buffer {
  return Buffer.from(data.toString('latin1').replace(/\r\nhost: [^\r]*\r\n/i, `\r\nHost: ${host}\r\n`), 'latin1');
}
