/** `multipart/form-data` with the parts `job` (JSON) and `input` (a zip), in this order; the input is never held whole. */
import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import busboy from 'busboy';
import type { Busboy } from 'busboy';
import { parseJson, readBytes } from './body.ts';
import { invalidParameters, payloadTooLarge } from './errors.ts';
import type { ApiError } from './errors.ts';
import { createZipGate } from './zip.ts';

/** Largest parts, in bytes. */
export interface FormLimits {
  readonly maxJobBytes: number;
  readonly maxInputBytes: number;
}

/** A form, read to its end. */
export interface Form<T> {
  readonly job: unknown;
  /** What `takeInput` made of the part `input`; undefined when the form has none. */
  readonly input: T | undefined;
}

/** Gets the parsed part `job` and the bytes of the part `input`, which fail when they are no zip or too many. */
export type TakeInput<T> = (job: unknown, input: Readable) => Promise<T>;

interface Parts<T> {
  job?: Promise<unknown>;
  input?: Promise<T>;
}

/**
 * Reads a form. When it fails, `takeInput` has ended too, and the rest of the request is read and thrown away, so that
 * the client can read the answer.
 * @throws ApiError 400 for a malformed form, 413 for a part that is too large, or what `takeInput` throws
 */
export async function readForm<T>(
  request: IncomingMessage,
  limits: FormLimits,
  takeInput: TakeInput<T>,
): Promise<Form<T>> {
  const parser = openParser(request, limits);
  const parts: Parts<T> = {};
  const failure = collectParts(parser, parts, limits, takeInput);
  const abort = () => {
    // A request closes, too, when it has come to its end and the parser is still at work on the last of it.
    if (!request.readableEnded) parser.destroy(new Error('the client went away'));
  };
  request.once('close', abort);
  try {
    request.pipe(parser);
    return await Promise.race([readParts(parser, parts, failure), failure]);
  } finally {
    request.off('close', abort);
    request.unpipe(parser);
    request.resume();
    parser.destroy();
    await Promise.allSettled([parts.job, parts.input]);
  }
}

function openParser(request: IncomingMessage, { maxJobBytes, maxInputBytes }: FormLimits): Busboy {
  try {
    const limits = { fieldSize: maxJobBytes, fileSize: maxInputBytes, parts: 10 };
    return busboy({ headers: request.headers, limits });
  } catch (error) {
    throw malformed(error);
  }
}

async function readParts<T>(parser: Busboy, parts: Parts<T>, failure: Promise<never>): Promise<Form<T>> {
  await finished(parser).catch(() => failure);
  if (parts.job === undefined) throw invalidParameters({ job: 'Field is required' });
  const [job, input] = await Promise.all([parts.job, parts.input]);
  return { job, input };
}

/** Fills `parts` as they come. The promise rejects with the first failure, and never resolves. */
function collectParts<T>(parser: Busboy, parts: Parts<T>, limits: FormLimits, takeInput: TakeInput<T>): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  promise.catch(() => undefined);

  function setJob(job: Promise<unknown>): void {
    if (parts.job !== undefined) reject(invalidParameters({ job: 'Must be given once' }));
    else parts.job = job;
    job.catch(reject);
  }

  parser.on('error', (error) => {
    reject(malformed(error));
  });
  parser.on('field', (name, value, { valueTruncated }) => {
    if (name === 'job') setJob(parseField(value, valueTruncated));
    else reject(unexpectedPart(name, parts));
  });
  parser.on('file', (name, stream) => {
    if (name === 'job') {
      setJob(readBytes(stream, limits.maxJobBytes).then(parseJson));
    } else if (name === 'input' && parts.job !== undefined && parts.input === undefined) {
      const zip = gated(stream, limits.maxInputBytes);
      parts.input = parts.job.then((job) => takeInput(job, zip));
      parts.input.catch(reject);
    } else {
      reject(unexpectedPart(name, parts));
      stream.on('error', () => undefined).resume();
    }
  });
  return promise;
}

async function parseField(value: string, isTruncated: boolean): Promise<unknown> {
  if (isTruncated) throw payloadTooLarge('The part job is too large.');
  return await Promise.resolve(parseJson(Buffer.from(value)));
}

/** The stream behind the zip gate; whatever ends it early becomes a refusal. */
function gated(stream: Readable, maxBytes: number): Readable {
  const gate = createZipGate((fault) => invalidParameters({ input: fault }));
  // Nobody may be listening yet when it fails: the job's own faults are looked for first.
  gate.on('error', () => undefined);
  stream.on('error', (error) => gate.destroy(malformed(error)));
  stream.on('limit', () => gate.destroy(payloadTooLarge(`The input is larger than ${maxBytes} bytes.`)));
  return stream.pipe(gate);
}

function unexpectedPart(name: string, parts: Parts<unknown>): ApiError {
  if (name !== 'input') return invalidParameters({ [name]: 'Unknown field' });
  if (parts.input !== undefined) return invalidParameters({ input: 'Must be given once' });
  return parts.job === undefined
    ? invalidParameters({ input: 'Must come after the part job' })
    : invalidParameters({ input: 'Must be a file' });
}

function malformed(error: unknown): ApiError {
  return invalidParameters('', 'The request is not a valid form.', { cause: error });
}
