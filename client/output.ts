/** What a job wrote. */
import { bytesOf } from './calls.ts';
import type { Calls } from './calls.ts';
import { ServiceUnreachable } from './errors.ts';
import type { PatienceOptions } from './patience.ts';
import { resumed } from './resuming.ts';

/** Most tries without a byte in between. */
const MAX_TRIES = 10;

/**
 * The output zip of a job. What breaks off is taken up again where it broke off, each time by a fresh address.
 * @throws ApiRefusal 404 when it has none
 */
export async function* readOutput(calls: Calls, id: string, options: PatienceOptions = {}): AsyncGenerator<Uint8Array> {
  let offset = 0;
  yield* resumed({ maxTries: MAX_TRIES, ...options }, async function* () {
    for await (const bytes of open(calls, id, offset, options.signal)) {
      offset += bytes.length;
      yield bytes;
    }
  });
}

async function* open(calls: Calls, id: string, offset: number, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
  const { response } = await calls.GET('/batch/{id}/output', {
    params: { path: { id } },
    ...(offset > 0 && { headers: { range: `bytes=${offset}-` } }),
    parseAs: 'stream',
    ...(signal && { signal }),
  });
  // Who does not know of ranges sends all of it once more.
  let toSkip = response.status === 206 ? 0 : offset;
  for await (const bytes of bytesOf(response, signal)) {
    const skipped = Math.min(bytes.length, toSkip);
    toSkip -= skipped;
    if (skipped < bytes.length) yield bytes.subarray(skipped);
  }
  if (toSkip > 0) throw new ServiceUnreachable('the output broke off');
}
