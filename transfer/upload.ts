import { statfsSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { createCrc32c } from '../bucket/crc32c.ts';
import { isObjectExists, isObjectMismatch, isUploadLost } from '../bucket/errors.ts';
import { createPatience } from '../bucket/patience.ts';
import { sameContent } from '../bucket/stat.ts';
import type { StoredObject } from '../workflows/contract.ts';
import { toTransferError } from './errors.ts';
import { pack } from './pack.ts';
import type { Packed } from './pack.ts';
import { formatCount, formatSize } from './progress.ts';
import type { Progress } from './progress.ts';
import { limitsOf } from './quota.ts';
import type { Limits } from './quota.ts';
import type { TransferSuccess } from './report.ts';
import type { TransferDeps, TransferSettings } from './settings.ts';
import { createSkipped } from './skipped.ts';
import type { Skipped } from './skipped.ts';
import { walk } from './walk.ts';
import { untilSaid } from './word.ts';

/**
 * Packs the folder into a zip that streams straight into the bucket, as soon as it is told to if it has to be told. An object of that
 * name and the same content is this very upload, done before. Throws a `TransferError` of reason `OutputTooLarge`, `OutputUploadFailed`
 * or `ConfigError`.
 */
export async function upload(settings: TransferSettings, deps: TransferDeps): Promise<TransferSuccess> {
  const { object, folder, word } = settings;
  try {
    if (word !== undefined) await untilSaid(word, deps.signal);
    deps.progress.say(`packing ${folder}`);
    const { stored, ...packed } = await writeOnce(settings, deps);
    deps.progress.say(`uploaded ${object}, ${formatCount(packed.files, 'file')} in ${formatSize(stored.sizeBytes)}`);
    return { ok: true, ...stored, ...packed };
  } catch (error) {
    throw toTransferError(error, 'OutputUploadFailed');
  }
}

/** What is told of a zip beside its bytes. */
type Content = Pick<TransferSuccess, 'files' | 'skipped' | 'unreadable'>;

interface Written extends Content {
  readonly stored: StoredObject;
}

/** Of an output so large that one try outlasts all patience. */
const LEAST_TRIES = 3;

/** A server may lose an upload under way, or a part of it; the folder is still there to begin anew. */
async function writeOnce(settings: TransferSettings, deps: TransferDeps): Promise<Written> {
  const { object } = settings;
  const { patienceMs: limitMs, signal } = deps;
  const patience = createPatience({ limitMs, signal, mayPass: isLost, leastTries: LEAST_TRIES });
  for (;;) {
    try {
      const source = createSource(settings, deps.progress);
      const stored = await deps.bucket.write(object, source.zip, { signal: deps.signal, ownsPieces: true });
      source.describe();
      return { stored, ...source.content() };
    } catch (error) {
      if (isObjectExists(error)) return sameOrThrow(settings, deps, error);
      await patience.afterFailure(error);
      deps.progress.say('the bucket lost the upload; beginning anew');
    }
  }
}

interface Source {
  readonly zip: Readable;
  content(): Content;
  /** Says what was packed, and what was not. */
  describe(): void;
}

function createSource(settings: TransferSettings, progress: Progress): Source {
  const skipped = createSkipped();
  const unreadable = createSkipped();
  const limits = { ...withVolume(settings), ...(settings.skipsUnreadable && { unreadable }) };
  let packed: Packed = { files: 0, sizeBytes: 0 };
  const describe = (): string => `packed ${formatCount(packed.files, 'file')}, ${formatSize(packed.sizeBytes)}`;
  const onProgress = (soFar: Packed): void => {
    packed = soFar;
    progress.tick(describe);
  };
  return {
    zip: pack(walk(settings.folder, { ...limits, skipped }), { ...limits, onProgress }),
    content: () => ({ files: packed.files, ...skippedOf(skipped), ...unreadableOf(unreadable) }),
    describe: () => {
      progress.say(describe());
      for (const example of [...skipped.examples, ...unreadable.examples]) progress.say(`left out: ${example}`);
      if (skipped.count > 0)
        progress.say(`left out links that lead out of ${settings.folder}, and special files: ${skipped.count}`);
      if (unreadable.count > 0) progress.say(`left out what may not be read: ${unreadable.count}`);
    },
  };
}

function skippedOf({ count }: Skipped): Pick<Content, 'skipped'> {
  return count === 0 ? {} : { skipped: count };
}

/** So long that a report has room for it, whatever characters it has. */
const MAX_MESSAGE_CHARS = 500;

function unreadableOf({ count, examples: [first = ''] }: Skipped): Pick<Content, 'unreadable'> {
  return count === 0 ? {} : { unreadable: { count, message: first.slice(0, MAX_MESSAGE_CHARS) } };
}

/** The limits, and the size of the volume: what says that it has more bytes has holes, or one content by many links. */
function withVolume(settings: TransferSettings): Limits {
  const { bsize, blocks } = statfsSync(settings.folder);
  // Some file systems do not tell.
  return { ...(blocks > 0 && { volumeBytes: bsize * blocks }), ...limitsOf(settings) };
}

/** Reads the folder once more to see whether the object is what this upload would have written. */
async function sameOrThrow(settings: TransferSettings, deps: TransferDeps, error: unknown): Promise<Written> {
  const { object } = settings;
  const source = createSource(settings, deps.progress);
  const crc32c = createCrc32c();
  let sizeBytes = 0;
  for await (const chunk of source.zip as AsyncIterable<Buffer>) {
    crc32c.update(chunk);
    sizeBytes += chunk.length;
  }
  const stored = await deps.bucket.stat?.(object);
  if (stored === undefined || !sameContent(stored, { sizeBytes, crc32c: crc32c.digest() })) throw error;
  return { stored, ...source.content() };
}

function isLost(error: unknown): boolean {
  return isUploadLost(error) || isObjectMismatch(error);
}
