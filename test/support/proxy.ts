import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import type { Closing } from './scope.ts';

/** A way to a real server that a test can cut. */
export interface Proxy {
  readonly port: number;
  /** Cuts all connections; new ones are refused for as long as the way is closed. */
  close(): void;
  open(): void;
  /** Ends all connections towards the client at once, as a server does that stops in order; new ones are taken. */
  end(): void;
}

/** Forwards bytes that come to an address of this machine to `port` of `host`, by default of this machine too, until the test ends. */
export async function createProxy(
  context: Closing,
  port: number,
  host = '127.0.0.1',
  listenOn = '127.0.0.1',
): Promise<Proxy> {
  const sockets = new Set<Socket>();
  const clients = new Set<Socket>();
  let isOpen = true;
  const server = createServer((incoming) => {
    if (!isOpen) return void incoming.destroy();
    const outgoing = connect(port, host);
    clients.add(incoming.on('close', () => clients.delete(incoming)));
    for (const [socket, other] of [
      [incoming, outgoing],
      [outgoing, incoming],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => other.destroy()).on('close', () => sockets.delete(socket) && other.destroy());
      socket.pipe(other);
    }
  });
  server.listen(0, listenOn);
  await once(server, 'listening');
  const cut = () => sockets.forEach((socket) => socket.destroy());
  context.after(() => {
    cut();
    server.close();
  });
  return {
    port: (server.address() as AddressInfo).port,
    close() {
      isOpen = false;
      cut();
    },
    open() {
      isOpen = true;
    },
    end: () => clients.forEach((client) => client.end()),
  };
}
