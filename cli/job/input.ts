/** The files that a job is given. */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { Input } from '../../client/submit.ts';
import type { JobParameters } from '../../client/types.ts';
import { UsageError } from '../errors.ts';
import { listFolder, sizeOf, zipOf } from './zip-folder.ts';

/** An input zip that can be sent. */
interface SentInput {
  readonly input: Input;
  /** Bytes that are read for it: of the files, or of the zip. */
  readonly sizeBytes: number;
}

/** Where an input is: what is sent, or what the service fetches itself, by the parameters that say so. */
export type FoundInput =
  | { readonly sent: SentInput }
  | { readonly named: Pick<JobParameters, 'input_url'> | Pick<JobParameters, 'input_from'> };

/**
 * The input that `place` names: a folder, which is zipped while it is sent; a zip; `-` for a zip on standard input; `gs://bucket/object`;
 * or `job:NAME` for that of another job.
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
  if (place.startsWith('gs://')) return { named: { input_url: place } };
  if (place.startsWith('job:')) return { named: { input_from: place.slice('job:'.length) } };
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
