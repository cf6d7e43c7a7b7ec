/** What a job wrote, brought here. */
import { closeSync, createWriteStream, openSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createCrc32c } from '../../bucket/crc32c.ts';
import type { JobClient } from '../../client/client.ts';
import type { Job } from '../../client/types.ts';
import { fileArchive } from '../../transfer/archive.ts';
import { unpack } from '../../transfer/unpack.ts';
import { UsageError } from '../errors.ts';

/** How to bring an output. */
export interface FetchOptions {
  readonly signal: AbortSignal;
  readonly onBytes: (sizeBytes: number) => void;
}

/** A name that ends so is a zip, and every other one a folder. */
export function isZipName(place: string): boolean {
  return place.toLowerCase().endsWith('.zip');
}

/** @throws UsageError when something is at `place` already: nothing that is there is ever replaced */
export async function assertFree(place: string): Promise<void> {
  const found = await stat(place).catch(() => undefined);
  if (found === undefined || (!isZipName(place) && found.isDirectory() && (await readdir(place)).length === 0)) return;
  throw new UsageError(`${place} is there already and is not replaced; name another place, or remove it.`);
}

/**
 * Brings the output of a job to `place`, as a zip or unpacked. It is there whole, or not at all.
 * @throws UsageError when there is something already; Error when what came is not what was verified in the bucket
 */
export async function fetchOutput(client: JobClient, job: Job, place: string, options: FetchOptions): Promise<void> {
  await assertFree(place);
  const target = resolve(place);
  await mkdir(dirname(target), { recursive: true });
  // Beside its place, so that it gets there by one step.
  const folder = await mkdtemp(join(dirname(target), `.${basename(target)}-`));
  try {
    const zip = join(folder, 'output.zip');
    await download(client, job, zip, options);
    const made = isZipName(place) ? zip : await unpacked(zip, join(folder, 'files'), options.signal);
    await rename(made, target);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function download(client: JobClient, job: Job, path: string, options: FetchOptions): Promise<void> {
  const crc32c = createCrc32c();
  async function* checkedBytes() {
    for await (const bytes of client.output(job.id, options)) {
      crc32c.update(bytes);
      options.onBytes(bytes.length);
      yield bytes;
    }
  }
  await pipeline(checkedBytes, createWriteStream(path, { flags: 'wx' }));
  if (crc32c.digest() !== job.output?.crc32c)
    throw new Error('The output that came is not the one that was verified; get it once more by `ktr download`.');
}

async function unpacked(zip: string, folder: string, signal: AbortSignal): Promise<string> {
  await mkdir(folder);
  const fd = openSync(zip, 'r');
  try {
    await unpack(fileArchive(fd, signal), folder, { signal, allowsLinks: true });
  } finally {
    closeSync(fd);
  }
  return folder;
}
