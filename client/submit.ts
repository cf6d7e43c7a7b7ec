/** How a job is sent. */
import type { Calls } from './calls.ts';
import { patiently } from './patience.ts';
import type { PatienceOptions } from './patience.ts';
import type { Job, JobRequest } from './types.ts';

/** An input zip: made anew each time when it is asked for, as it may have to be sent again. */
export type Input = () => AsyncIterable<Uint8Array>;

/** How to send a job. */
export interface SubmitOptions extends PatienceOptions {
  /** The input zip. */
  readonly input?: Input | undefined;
  /** Requests with one key are one job. Default: a new one, by which a request whose answer was lost can be sent again. */
  readonly idempotencyKey?: string;
}

/**
 * Sends a job; it is safe with the service when this resolves. The input is streamed. A request whose answer is lost is sent again, and is
 * the same job by its key.
 * @throws ApiRefusal when the service refuses it
 */
export async function submitJob(calls: Calls, request: JobRequest, options: SubmitOptions = {}): Promise<Job> {
  const { idempotencyKey = randomName(), input, signal } = options;
  return await patiently(options, async () => {
    const { data } = await calls.POST('/batch/', {
      params: { header: { Prefer: 'respond-async', 'Idempotency-Key': idempotencyKey } },
      body: request,
      ...(input && asForm(request, input)),
      ...(signal && { signal }),
    });
    if (data === undefined) throw new Error('the answer has no job');
    return data.data;
  });
}

/** Sends the request as `multipart/form-data` (RFC 7578) whose size nobody knows before its end. */
function asForm(request: JobRequest, input: Input) {
  const boundary = randomName();
  return {
    headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
    bodySerializer: () => formParts(boundary, request, input),
    duplex: 'half' as const,
  };
}

async function* formParts(boundary: string, request: JobRequest, input: Input): AsyncGenerator<Uint8Array> {
  const head = (name: string, type: string) =>
    `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\nContent-Type: ${type}\r\n\r\n`;
  const encoder = new TextEncoder();
  yield encoder.encode(`${head('job', 'application/json')}${JSON.stringify(request)}\r\n`);
  yield encoder.encode(head('input"; filename="input.zip', 'application/zip'));
  yield* input();
  yield encoder.encode(`\r\n--${boundary}--\r\n`);
}

/** 128 bits by chance: browsers make UUIDs on pages of TLS alone. */
function randomName(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
