import { once } from 'node:events';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Closing } from './scope.ts';

/**
 * A way to the storage server that hands the chunks of an upload on as one stream. The server itself hashes all that it has
 * anew after each chunk, so that two gigabytes would take it eight minutes. It is a thread with a heap of its own: within the heap of a
 * benchmark its buffers made V8 collect all garbage again and again, which took up to three quarters of its time.
 * @returns the address, until `context` ends
 */
export async function createOneStreamGcs(context: Closing): Promise<string> {
  const server = new Worker(join(import.meta.dirname, 'one-stream-server.ts'));
  context.after(() => server.terminate());
  const [address] = (await once(server, 'message')) as [string];
  return address;
}
