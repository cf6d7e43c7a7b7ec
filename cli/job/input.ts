/** The files that a job is given. */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { Input } from '../../client/submit.ts';
import { UsageError } from '../errors.ts';
import { listFolder, sizeOf, zipOf } from './zip-folder.ts';

/** An input zip that can be sent. */
export interface SentInput {
  readonly input: Input;
  /** Bytes that are read for it: of the files, or of the zip. */
  readonly sizeBytes: number;
}

/** Where an input is: what is sent, or what the service fetches itself. */
export type FoundInput = { readonly sent: SentInput } | { readonly url: string };

/**
 * The input that `place` names: a folder, which is zipped while it is sent; a zip; `-` for a zip on standard input; or `gs://bucket/object`.
 * @param onBytes told of the bytes that were read for it
 * @param onAgain told when it is read from the beginning
 * @throws UsageError when there is none
 */
export async function findInput(
  place: string,
  stdin: Readable,
  onBytes: (sizeBytes: number) => void,
  onAgain: () => void,
): Promise<FoundInput> {
  if (place.startsWith('gs://')) return { url: place };
  if (place === '-') return { sent: await fromStdin(stdin, onBytes, onAgain) };
  const stats = await stat(place).catch(() => {
    throw new UsageError(`There is no input at ${place}.`);
  });
  if (!stats.isDirectory())
    return { sent: { input: () => counted(createReadStream(place), onBytes, onAgain), sizeBytes: stats.size } };
  const entries = await listFolder(place);
  return { sent: { input: () => zipOf(entries, onBytes, onAgain), sizeBytes: sizeOf(entries) } };
}

/** It may have to be sent again, and comes once. */
async function fromStdin(
  stdin: Readable,
  onBytes: (sizeBytes: number) => void,
  onAgain: () => void,
): Promise<SentInput> {
  const zip = await buffer(stdin);
  return { input: () => counted(Readable.from([zip]), onBytes, onAgain), sizeBytes: zip.length };
}

async function* counted(
  stream: AsyncIterable<Buffer>,
  onBytes: (sizeBytes: number) => void,
  onAgain: () => void,
): AsyncGenerator<Uint8Array> {
  onAgain();
  for await (const bytes of stream) {
    yield bytes;
    onBytes(bytes.length);
  }
}
