import { randomUUID } from 'node:crypto';
import type { Access, ObjectMetadata } from './access.ts';
import type { Chunk } from './chunks.ts';
import type { Content } from './errors.ts';
import { UploadLostError } from './errors.ts';
import { statusOf } from './faults.ts';
import { exchange, RESUME_INCOMPLETE } from './http.ts';
import type { HttpAnswer, HttpRequest } from './http.ts';
import { createPatience, withPatience } from './patience.ts';
import type { PatienceOptions } from './patience.ts';
import { findObject, foundIn, foundInAnswer, sameContent } from './stat.ts';
import type { Found } from './stat.ts';

/** What an upload is about. */
export interface UploadTarget {
  readonly object: string;
  readonly contentType: string;
  readonly mayReplace: boolean;
  readonly signal?: AbortSignal;
}

/**
 * Creates an object of one chunk by one request. Answers the object resource as JSON; a taken name is a 412, unless
 * it was taken by an earlier try of this very call, whose answer got lost.
 */
export async function uploadWhole(
  access: Access,
  target: UploadTarget,
  bytes: Uint8Array,
  content: Content,
): Promise<Found> {
  let tries = 0;
  const send = async (): Promise<HttpAnswer> => {
    tries += 1;
    const [authorization, metadata] = await Promise.all([access.authorization(), access.metadata()]);
    return exchange(multipartRequest(access, target, bytes, authorization, metadata));
  };
  try {
    return foundIn(target.object, (await withPatience(send, patienceOf(access, target))).body);
  } catch (error) {
    const found = tries > 1 && statusOf(error) === 412 ? await findObject(access, target.object) : undefined;
    if (found === undefined || !sameContent(found.stored, content)) throw error;
    return found;
  }
}

function multipartRequest(
  access: Access,
  target: UploadTarget,
  bytes: Uint8Array,
  authorization: Readonly<Record<string, string>>,
  metadata: ObjectMetadata,
): HttpRequest {
  const { object, contentType } = target;
  const boundary = randomUUID();
  const head = [
    `--${boundary}`,
    'content-type: application/json',
    '',
    JSON.stringify({ name: object, contentType, metadata }),
    `--${boundary}`,
    `content-type: ${contentType}`,
    '',
    '',
  ].join('\r\n');
  return {
    method: 'POST',
    url: uploadUrl(access, target, 'multipart'),
    headers: { ...authorization, 'content-type': `multipart/related; boundary=${boundary}` },
    body: [Buffer.from(head), bytes, Buffer.from(`\r\n--${boundary}--\r\n`)],
    ...signalOf(target),
  };
}

/** An upload under way. */
export interface UploadSession {
  /** Sends the next chunk until the server has it all. Answers what it made after the last one. */
  send(chunk: Chunk): Promise<Found | undefined>;
}

/** Starts an upload of several chunks. A taken name is a 412, here or at its end. */
export async function startUpload(access: Access, target: UploadTarget): Promise<UploadSession> {
  const request = async (): Promise<HttpRequest> => ({
    method: 'POST',
    url: uploadUrl(access, target, 'resumable'),
    headers: {
      ...(await access.authorization()),
      'content-type': 'application/json',
      'x-upload-content-type': target.contentType,
    },
    body: [Buffer.from(JSON.stringify({ contentType: target.contentType, metadata: await access.metadata() }))],
    ...signalOf(target),
  });
  return openSession(access, target, request);
}

/** The part of {@link Access} that an upload under way needs. */
export type SessionAccess = Pick<Access, 'endpoint' | 'patienceMs'>;

/** Starts an upload by `request`, which the server answers with the address of its session. */
export async function openSession(
  access: SessionAccess,
  target: UploadTarget,
  request: () => Promise<HttpRequest>,
): Promise<UploadSession> {
  const answer = await withPatience(async () => exchange(await request()), patienceOf(access, target));
  const { location } = answer.headers;
  if (location === undefined) throw new Error('the server started an upload without saying where');
  // The address by which we reach the server, which need not be the one by which it knows itself.
  const { pathname, search } = new URL(location, access.endpoint);
  return { send: (chunk) => sendChunk(access, `${access.endpoint}${pathname}${search}`, chunk, target) };
}

/** What a server says of a session that it does not know any more. */
const GONE: readonly number[] = [404, 410];

/** After a fault the server is asked how far it came: it may have taken all, a part or nothing. */
async function sendChunk(
  access: SessionAccess,
  url: string,
  chunk: Chunk,
  target: UploadTarget,
): Promise<Found | undefined> {
  const end = chunk.offset + chunk.bytes.length;
  const total = chunk.isLast ? String(end) : '*';
  const patience = createPatience(patienceOf(access, target));
  const put = (range: string, body?: Uint8Array): Promise<HttpAnswer> =>
    exchange({
      method: 'PUT',
      url,
      headers: { 'content-range': `bytes ${range}/${total}` },
      ...(body === undefined ? {} : { body: [body] }),
      ...signalOf(target),
    });
  let isSure = true;
  for (let at = chunk.offset; ;) {
    try {
      const answer = isSure ? await put(`${at}-${end - 1}`, chunk.bytes.subarray(at - chunk.offset)) : await put('*');
      if (answer.status !== RESUME_INCOMPLETE) return foundInAnswer(target.object, answer);
      const received = receivedBytes(answer);
      if (received === end && !chunk.isLast) return undefined;
      if (received < chunk.offset || received > end) throw new Error(`the server lost its place at byte ${received}`);
      if (received > at) patience.reset();
      if (received === end || (isSure && received === at)) throw tookNothing();
      [at, isSure] = [received, true];
    } catch (error) {
      if (GONE.includes(statusOf(error) ?? 0)) throw new UploadLostError(target.object, { cause: error });
      await patience.afterFailure(error);
      isSure = false;
    }
  }
}

function tookNothing(): Error {
  return Object.assign(new Error('the server took nothing of a chunk'), { code: 'ECONNRESET' });
}

function receivedBytes(answer: HttpAnswer): number {
  const last = /-(\d+)$/.exec(answer.headers.range ?? '')?.[1];
  return last === undefined ? 0 : Number(last) + 1;
}

function uploadUrl(access: Access, target: UploadTarget, uploadType: 'multipart' | 'resumable'): string {
  const isNew = target.mayReplace ? {} : { ifGenerationMatch: '0' };
  const query = new URLSearchParams({ uploadType, name: target.object, ...isNew });
  return `${access.endpoint}/upload/storage/v1/b/${encodeURIComponent(access.bucketName)}/o?${query}`;
}

function patienceOf({ patienceMs }: SessionAccess, { signal }: UploadTarget): PatienceOptions {
  return { limitMs: patienceMs, signal };
}

function signalOf(target: UploadTarget): { signal?: AbortSignal } {
  return target.signal === undefined ? {} : { signal: target.signal };
}
