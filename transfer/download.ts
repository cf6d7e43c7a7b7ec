import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
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
  let receivedBytes = 0;
  const meter = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      receivedBytes += chunk.length;
      progress.tick(() => `fetched ${formatSize(receivedBytes)} of ${total}`);
      done(null, chunk);
    },
  });
  try {
    const source = bucket.read(object, { signal, ...(expected && { expected }) });
    await pipeline(source, meter, createWriteStream(zipPath, { mode: 0o600 }), { signal });
  } catch (error) {
    throw toTransferError(error, 'InputUnavailable');
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
