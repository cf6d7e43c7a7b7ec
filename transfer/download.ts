import { closeSync, ftruncateSync, openSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { FailureReason } from '../workflows/failure-reasons.ts';
import { isTransferError, toTransferError } from './errors.ts';
import { emptyFolder } from './folder.ts';
import { openInput } from './input.ts';
import type { FetchSizes, Input, InputDeps } from './input.ts';
import { formatCount, formatSize } from './progress.ts';
import { limitsOf } from './quota.ts';
import type { TransferSuccess } from './report.ts';
import type { TransferSettings } from './settings.ts';
import { unpack } from './unpack.ts';
import type { Unpacked } from './unpack.ts';

/**
 * Unpacks the input zip into the folder while it arrives, and checks that it was the expected one. The folder is emptied first: a
 * container that starts again finds what its predecessor left.
 * Throws a `TransferError` of reason `InputUnavailable`, `InputInvalid`, `InputTooLarge`, `DiskFull` or `ConfigError`.
 * @param sizes how to fetch; by default as suits a bucket that is reached over a network
 */
export async function download(
  settings: TransferSettings,
  deps: InputDeps,
  sizes?: FetchSizes,
): Promise<TransferSuccess> {
  const { object, scratch, expected } = settings;
  if (expected === undefined) throw new Error('a download needs to know what it expects');
  const stored = { object, ...expected };
  const step = async (fd: number): Promise<TransferSuccess> => {
    const input = await openInput(stored, fd, deps, sizes);
    return { ok: true, ...stored, files: await unpackInto(settings, input, deps) };
  };
  try {
    return await withFile(join(scratch, 'input.zip'), expected.sizeBytes, step);
  } catch (error) {
    throw toTransferError(error, 'InputUnavailable');
  }
}

/** Runs `step` on a new file of that size without a content, which goes at the end. */
async function withFile<T>(path: string, sizeBytes: number, step: (fd: number) => Promise<T>): Promise<T> {
  const fd = openSync(path, 'w+', 0o600);
  try {
    ftruncateSync(fd, sizeBytes);
    return await step(fd);
  } finally {
    closeSync(fd);
    rmSync(path, { force: true });
  }
}

async function unpackInto(settings: TransferSettings, input: Input, { progress, signal }: InputDeps): Promise<number> {
  const { folder } = settings;
  const onProgress = (soFar: Unpacked) => progress.tick(() => `unpacked ${describe(soFar)}`);
  try {
    await emptyFolder(folder);
    // The pod gives its group to every container, whoever it runs as: what Python's `writestr` packs is 0600. Nobody writes to /input.
    const options = { ...limitsOf(settings), signal, onProgress, sharesWithGroup: true };
    const unpacked = await verified(input, () => unpack(input.archive, folder, options));
    progress.say(`unpacked ${describe(unpacked)}, into ${folder}`);
    return unpacked.files;
  } catch (error) {
    throw toTransferError(error, 'Unknown');
  } finally {
    input.close();
  }
}

/** Before the last byte has come nobody knows whose fault it is that an archive is no good: damage on the way comes first. */
async function verified<T>(input: Input, step: () => Promise<T>): Promise<T> {
  const result = await step().catch(async (error: unknown) => {
    if (isTransferError(error) && BLAMES_THE_ARCHIVE.has(error.reason)) await input.verify();
    throw error;
  });
  await input.verify();
  return result;
}

/** A disk is full by what an archive says, too. */
const BLAMES_THE_ARCHIVE: ReadonlySet<FailureReason> = new Set(['InputInvalid', 'InputTooLarge', 'DiskFull']);

function describe({ files, sizeBytes }: Unpacked): string {
  return `${formatCount(files, 'file')}, ${formatSize(sizeBytes)}`;
}
