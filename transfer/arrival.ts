import { endsTooEarly } from './archive.ts';
import type { Contents } from './archive.ts';
import { toTransferError } from './errors.ts';

/** Takes bytes that came, and the place of the first of them. */
export type OnChunk = (chunk: Buffer, position: number) => void;

/** An archive that arrives: its bytes can be had once, in their order. What goes wrong with it on its way is `InputUnavailable`. */
export interface Arrival extends Contents {
  /** Takes all that has not been taken. Resolves when everything has come, and is what it should be. */
  drain(onChunk?: OnChunk): Promise<void>;
  /** Lets go of it. */
  close(): void;
}

/** Takes `chunks` as they are asked for; tells of each of them first. */
export function createArrival(chunks: AsyncGenerator<Buffer>, onChunk: OnChunk): Arrival {
  let chunk: Buffer = Buffer.alloc(0);
  let [start, end] = [0, 0];
  let coming: Promise<boolean> | undefined;

  async function advance(): Promise<boolean> {
    const came = await chunks.next().catch((error: unknown) => {
      throw toTransferError(error, 'InputUnavailable');
    });
    coming = undefined;
    if (came.done === true) return false;
    [chunk, start, end] = [came.value, end, end + came.value.length];
    onChunk(chunk, start);
    return true;
  }

  /** One chunk for all that wait: an entry may be done with before its last bytes were taken, and those are asked for still. */
  const next = (): Promise<boolean> => (coming ??= advance());

  /** What there is from `position` on, of the bytes that are wanted. */
  async function take(position: number, lengthBytes: number): Promise<Buffer> {
    while (position >= end) if (!(await next())) throw endsTooEarly();
    if (position < start) throw new Error('its bytes have gone by');
    return chunk.subarray(position - start, position - start + lengthBytes);
  }

  async function* pieces(position: number, lengthBytes: number): AsyncGenerator<Buffer> {
    for (let done = 0; done < lengthBytes;) {
      const piece = await take(position + done, lengthBytes - done);
      done += piece.length;
      yield piece;
    }
  }

  return {
    pieces,
    async read(position, lengthBytes) {
      const parts = [];
      for await (const part of pieces(position, lengthBytes)) parts.push(part);
      return Buffer.concat(parts);
    },
    async drain(onRest) {
      while (await next()) onRest?.(chunk, start);
    },
    // Not waited for: a chunk that is under way may take as long as the network likes.
    close: () => void chunks.return(undefined).catch(() => undefined),
  };
}
