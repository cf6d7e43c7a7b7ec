/** `multipart/form-data` with the parts `job` (JSON) and `input` (a zip), in this order; the input is never held whole. */
import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import busboy from 'busboy';
import type { Busboy } from 'busboy';
import type { HeldBytes } from './body-budget.ts';
import { parseJson, readBytes } from './body.ts';
import { invalidParameters, jsonTooLarge, payloadTooLarge } from './errors.ts';
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
  jobBytes?: number;
  input?: Promise<T>;
  /** While it comes; what comes beside it is held in memory. */
  isInputComing?: boolean;
}

/** What a form may have beside its job and its input: heads of parts, and boundaries. */
const FORM_BYTES = 64 * 1024;

/**
 * Reads a form. When it fails, `takeInput` has ended too, and the rest of the request is read and thrown away, so that
 * the client can read the answer.
 * @param held counts what is held of it: the job
 * @throws ApiError 400 for a malformed form, 413 for a part that is too large, or what `takeInput` or `held` throws
 */
export async function readForm<T>(
  request: IncomingMessage,
  limits: FormLimits,
  takeInput: TakeInput<T>,
  held: HeldBytes,
): Promise<Form<T>> {
  const parser = openParser(request, limits);
  const parts: Parts<T> = {};
  const { promise: failure, reject } = Promise.withResolvers<never>();
  failure.catch(() => undefined);
  const takeAlone: TakeInput<T> = async (job, input) => {
    held.keepOnly(parts.jobBytes ?? 0);
    return await takeInput(job, input);
  };
  collectParts(parser, parts, { limits, held, takeInput: takeAlone, reject });
  const count = createCount(parts, limits, held, reject);
  const abort = () => {
    // A request closes, too, when it has come to its end and the parser is still at work on the last of it.
    if (!request.readableEnded) parser.destroy(new Error('the client went away'));
  };
  request.once('close', abort);
  if (request.destroyed) abort();
  try {
    // The parser comes first: it finds out where the input begins.
    request.pipe(parser);
    request.on('data', count);
    return await Promise.race([readParts(parser, parts, failure), failure]);
  } finally {
    request.off('close', abort).off('data', count);
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

/** Counts what comes beside the input. */
function createCount(
  parts: Parts<unknown>,
  { maxJobBytes }: FormLimits,
  held: HeldBytes,
  reject: (error: unknown) => void,
): (chunk: Buffer) => void {
  let besideBytes = 0;
  return (chunk) => {
    if (parts.isInputComing) return;
    besideBytes += chunk.length;
    try {
      if (besideBytes > maxJobBytes + FORM_BYTES) throw jsonTooLarge(maxJobBytes);
      held.add(chunk.length);
    } catch (error) {
      reject(error);
    }
  };
}

/** How parts are taken. */
interface Taking<T> {
  readonly limits: FormLimits;
  readonly held: HeldBytes;
  readonly takeInput: TakeInput<T>;
  /** Called with each failure. */
  readonly reject: (error: unknown) => void;
}

/** Fills `parts` as they come. */
function collectParts<T>(parser: Busboy, parts: Parts<T>, { limits, held, takeInput, reject }: Taking<T>): void {
  function setJob(bytes: Promise<Buffer>): void {
    const job = bytes.then(async (whole) => {
      parts.jobBytes = whole.length;
      await held.turn();
      return parseJson(whole);
    });
    if (parts.job !== undefined) reject(invalidParameters({ job: 'Must be given once' }));
    else parts.job = job;
    job.catch(reject);
  }

  parser.on('error', (error) => {
    reject(malformed(error));
  });
  parser.on('field', (name, value, { valueTruncated }) => {
    if (name === 'job') setJob(fieldBytes(value, valueTruncated, limits.maxJobBytes));
    else reject(unexpectedPart(name, parts));
  });
  parser.on('file', (name, stream) => {
    if (name === 'job') {
      setJob(readBytes(stream, limits.maxJobBytes));
    } else if (name === 'input' && parts.job !== undefined && parts.input === undefined) {
      const zip = gated(stream, limits.maxInputBytes);
      parts.isInputComing = true;
      stream.once('close', () => (parts.isInputComing = false));
      parts.input = parts.job.then((job) => takeInput(job, zip));
      parts.input.catch(reject);
    } else {
      reject(unexpectedPart(name, parts));
      stream.on('error', () => undefined).resume();
    }
  });
}

async function fieldBytes(value: string, isTruncated: boolean, maxBytes: number): Promise<Buffer> {
  if (isTruncated) throw jsonTooLarge(maxBytes);
  return await Promise.resolve(Buffer.from(value));
}

/** The stream behind the zip gate; whatever ends it early becomes a refusal. */
function gated(stream: Readable, maxBytes: number): Readable {
  const gate = createZipGate((fault) => invalidParameters({ input: fault }));
  // Nobody may be listening yet when it fails: the job's own faults are looked for first.
  gate.on('error', () => undefined);
  stream.on('error', (error) => gate.destroy(malformed(error)));
  stream.on('limit', () =>
    gate.destroy(payloadTooLarge(`The input is larger than ${maxBytes} bytes (API_MAX_INPUT_BYTES).`)),
  );
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
