import { Readable } from 'node:stream';
import { ApiException } from '#kubernetes-client';
import type { Dispatcher } from 'undici';

/** When to hand over what has come. */
export interface GatherOptions {
  /** So many bytes have come. */
  readonly leastBytes: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Sends a request, and keeps of its answer what comes until there is enough of it, or no more. A stream and whoever waits for its first bytes
 * take 12 KiB of memory, this takes 7, which counts where thousands say little: see [docs/performance.md](../docs/performance.md).
 * @returns the stream from its first byte on; it fails when the connection breaks or `signal` aborts
 * @throws ApiException for an answer that is not 200, or what went wrong before there was one
 */
export function gatherStream(
  dispatcher: Dispatcher,
  request: Dispatcher.DispatchOptions,
  options: GatherOptions,
): Promise<Readable> {
  return new Promise((resolve, reject) => {
    dispatcher.dispatch(request, new Gathering(options, resolve, reject));
  });
}

const NOTHING = Buffer.alloc(0);

/** One object without closures for all that happens to an answer. */
class Gathering implements Dispatcher.DispatchHandler {
  readonly #options: GatherOptions;
  readonly #resolve: (stream: Readable) => void;
  readonly #reject: (error: Error) => void;
  /** Until the answer has come to its end. */
  #controller: Dispatcher.DispatchController | undefined;
  #status = 0;
  #message = '';
  #bytes: Buffer = NOTHING;
  #sizeBytes = 0;
  /** What was handed over. */
  #stream: Readable | undefined;

  constructor(options: GatherOptions, resolve: (stream: Readable) => void, reject: (error: Error) => void) {
    this.#options = options;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    const { signal } = this.#options;
    if (signal?.aborted) controller.abort(signal.reason as Error);
    else signal?.addEventListener('abort', this);
  }

  handleEvent(): void {
    this.#controller?.abort(this.#options.signal?.reason as Error);
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, _headers: unknown, message = ''): void {
    this.#status = status;
    this.#message = message;
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#stream) {
      if (!this.#stream.push(chunk)) controller.pause();
      return;
    }
    this.#keep(chunk);
    if (this.#status === 200 && this.#sizeBytes >= this.#options.leastBytes) this.#handOver();
  }

  onResponseEnd(): void {
    this.#leave();
    if (this.#status !== 200) return this.#reject(this.#refusal());
    if (!this.#stream) this.#handOver();
    this.#stream?.push(null);
  }

  onResponseError(_controller: unknown, error: Error): void {
    this.#leave();
    if (this.#stream) this.#stream.destroy(error);
    else if (this.#status === 200) this.#resolve(Readable.from(thenFail(this.#gathered(), error)));
    else this.#reject(error);
  }

  /** A copy: what is held of each of thousands must not hold a pool of Node's. */
  #keep(chunk: Buffer): void {
    const sizeBytes = this.#sizeBytes + chunk.length;
    if (sizeBytes > this.#bytes.length) {
      const grown = Buffer.alloc(Math.max(sizeBytes, Math.min(2 * this.#bytes.length, this.#options.leastBytes)));
      grown.set(this.#gathered());
      this.#bytes = grown;
    }
    this.#bytes.set(chunk, this.#sizeBytes);
    this.#sizeBytes = sizeBytes;
  }

  #gathered(): Buffer {
    return this.#bytes.subarray(0, this.#sizeBytes);
  }

  #handOver(): void {
    const stream = new Readable({
      read: () => this.#controller?.resume(),
      destroy: (error, done) => {
        this.#controller?.abort(error ?? new Error('nobody reads it any more'));
        done(error);
      },
    });
    // Whoever reads learns of it; until somebody does, it must not end the process.
    stream.on('error', () => undefined);
    stream.push(this.#gathered());
    // A long log is followed for as long as its task runs, and would hold its beginning until then.
    this.#bytes = NOTHING;
    this.#resolve((this.#stream = stream));
  }

  #refusal(): ApiException<string> {
    return new ApiException(this.#status, this.#message, this.#gathered().toString(), {});
  }

  #leave(): void {
    this.#controller = undefined;
    this.#options.signal?.removeEventListener('abort', this);
  }
}

function* thenFail(bytes: Buffer, error: Error): Generator<Buffer> {
  if (bytes.length > 0) yield bytes;
  throw error;
}
