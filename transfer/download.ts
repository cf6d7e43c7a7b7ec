import { closeSync, openSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { toTransferError } from './errors.ts';
import { emptyFolder } from './folder.ts';
import { formatCount, formatSize } from './progress.ts';
import type { TransferSuccess } from './report.ts';
import type { TransferDeps, TransferSettings } from './settings.ts';
import { limitsOf } from './quota.ts';
import { unpack } from './unpack.ts';

/**
 * Fetches the input zip to the scratch folder, checks that it is the expected one and unpacks it into the folder, which
 * is emptied first: a container that starts again finds what its predecessor left.
 * Throws a `TransferError` of reason `InputUnavailable`, `InputInvalid`, `DiskFull` or `ConfigError`.
 */
export async function download(settings: TransferSettings, deps: TransferDeps): Promise<TransferSuccess> {
  const { object, scratch, expected } = settings;
  if (expected === undefined) throw new Error('a download needs to know what it expects');
  const zipPath = join(scratch, 'input.zip');
  try {
    await fetchObject(settings, zipPath, deps);
    const files = await unpackInto(settings, zipPath, deps);
    return { ok: true, object, ...expected, files };
  } finally {
    await rm(zipPath, { force: true });
  }
}

async function fetchObject(settings: TransferSettings, zipPath: string, deps: TransferDeps): Promise<void> {
  const { object, expected } = settings;
  const { bucket, progress, signal } = deps;
  const total = formatSize(expected?.sizeBytes ?? 0);
  progress.say(`fetching ${object}, ${total}`);
  const onBytes = (soFarBytes: number) => progress.tick(() => `fetched ${formatSize(soFarBytes)} of ${total}`);
  try {
    await save(bucket.read(object, { signal, ...(expected && { expected }) }), zipPath, onBytes);
  } catch (error) {
    throw toTransferError(error, 'InputUnavailable');
  }
}

/** Writes without other threads, as what is unpacked. */
async function save(chunks: AsyncIterable<Buffer>, path: string, onBytes: (soFarBytes: number) => void): Promise<void> {
  const fd = openSync(path, 'w', 0o600);
  let soFarBytes = 0;
  try {
    for await (const chunk of chunks) {
      writeFileSync(fd, chunk);
      onBytes((soFarBytes += chunk.length));
    }
  } finally {
    closeSync(fd);
  }
}

async function unpackInto(
  settings: TransferSettings,
  zipPath: string,
  { progress, signal }: TransferDeps,
): Promise<number> {
  const { folder } = settings;
  try {
    await emptyFolder(folder);
    const { files, sizeBytes } = await unpack(zipPath, folder, {
      ...limitsOf(settings),
      signal,
      onProgress: (soFar) =>
        progress.tick(() => `unpacked ${formatCount(soFar.files, 'file')}, ${formatSize(soFar.sizeBytes)}`),
    });
    progress.say(`unpacked ${formatCount(files, 'file')}, ${formatSize(sizeBytes)}, into ${folder}`);
    return files;
  } catch (error) {
    throw toTransferError(error, 'Unknown');
  }
}
