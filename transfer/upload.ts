import { createCrc32c } from '../bucket/crc32c.ts';
import type { Content } from '../bucket/errors.ts';
import { isObjectExists, isObjectMismatch } from '../bucket/errors.ts';
import { statusOf } from '../bucket/faults.ts';
import { sameContent } from '../bucket/stat.ts';
import type { StoredObject } from '../workflows/contract.ts';
import { toTransferError } from './errors.ts';
import { pack } from './pack.ts';
import { formatCount, formatSize } from './progress.ts';
import type { TransferSuccess } from './report.ts';
import type { TransferDeps, TransferSettings } from './settings.ts';
import { walk } from './walk.ts';
import type { Tree } from './walk.ts';

/**
 * Packs the folder into a zip that streams straight into the bucket. An object of that name and the same content is
 * this very upload, done before. Throws a `TransferError` of reason `OutputUploadFailed` or `ConfigError`.
 */
export async function upload(settings: TransferSettings, deps: TransferDeps): Promise<TransferSuccess> {
  const { object, folder } = settings;
  try {
    const tree = await walk(folder);
    deps.progress.say(`packing ${formatCount(tree.entries.length, 'file')}, ${formatSize(tree.sizeBytes)}`);
    if (tree.skipped > 0) deps.progress.say(`left out ${formatCount(tree.skipped, 'link')} (or other special file)`);
    const stored = await writeOnce(object, tree, deps);
    deps.progress.say(`uploaded ${object}, ${formatSize(stored.sizeBytes)}`);
    return { ok: true, ...stored, files: tree.entries.length };
  } catch (error) {
    throw toTransferError(error, 'OutputUploadFailed');
  }
}

/** A server may lose an upload under way, or a part of it; the folder is still there to begin anew. */
const MAX_TRIES = 3;

async function writeOnce(object: string, tree: Tree, deps: TransferDeps): Promise<StoredObject> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await deps.bucket.write(object, packWithProgress(tree, deps), { signal: deps.signal });
    } catch (error) {
      if (isObjectExists(error)) return sameOrThrow(object, tree, deps, error);
      if (tries === MAX_TRIES || !isLost(error)) throw error;
      deps.progress.say('the bucket lost the upload; beginning anew');
    }
  }
}

function packWithProgress(tree: Tree, { progress }: TransferDeps): ReturnType<typeof pack> {
  const total = formatSize(tree.sizeBytes);
  return pack(tree, { onProgress: (readBytes) => progress.tick(() => `packed ${formatSize(readBytes)} of ${total}`) });
}

async function sameOrThrow(object: string, tree: Tree, deps: TransferDeps, error: unknown): Promise<StoredObject> {
  const found = await deps.bucket.stat(object);
  if (found === undefined || !sameContent(found, await measure(tree))) throw error;
  return found;
}

/** What the zip of this tree would hold. */
async function measure(tree: Tree): Promise<Content> {
  const crc32c = createCrc32c();
  let sizeBytes = 0;
  for await (const chunk of pack(tree) as AsyncIterable<Buffer>) {
    crc32c.update(chunk);
    sizeBytes += chunk.length;
  }
  return { sizeBytes, crc32c: crc32c.digest() };
}

function isLost(error: unknown): boolean {
  const status = statusOf(error);
  return status === 404 || status === 410 || isObjectMismatch(error);
}
