import type { ObjectReader } from '../bucket/bucket.ts';
import type { StoredObject } from '../workflows/contract.ts';
import { fileArchive } from './archive.ts';
import type { Archive } from './archive.ts';
import { createArrival } from './arrival.ts';
import { TransferError } from './errors.ts';
import { formatSize } from './progress.ts';
import type { Progress } from './progress.ts';
import { ScratchZip } from './scratch-zip.ts';
import type { TransferBucket, TransferDeps } from './settings.ts';

/** An input zip that arrives, or has arrived. */
export interface Input {
  readonly archive: Archive;
  /**
   * Waits for what has not come. Resolves when the object is the expected one to its last byte, and rejects with `InputUnavailable` when
   * it is not: until then nothing that the archive says is known to be what the user sent.
   */
  verify(): Promise<void>;
  /** Lets go of the object. */
  close(): void;
}

/** What it is fetched with. */
export interface InputDeps extends Pick<TransferDeps, 'progress' | 'signal'> {
  readonly bucket: Pick<TransferBucket, 'openReader'>;
}

/** How an input is fetched. */
export interface FetchSizes {
  /** What is no larger comes whole before it is unpacked: to write it twice takes less time than one more request. */
  readonly wholeBytes: number;
  /** So much of the end of a larger one comes first: it has a directory of some thousand entries. */
  readonly tailBytes: number;
}

const SIZES: FetchSizes = { wholeBytes: 4 * 1024 ** 2, tailBytes: 256 * 1024 };

/**
 * Begins to fetch an input. Of a large one the end and the directory come first, into the file `fd`, and its entries are taken as they
 * arrive; a small one, and one whose entries do not stand in the order of the directory, arrives in that file before it is unpacked.
 * @param fd to be read and written, of the size of the object
 */
export async function openInput(
  expected: StoredObject,
  fd: number,
  deps: InputDeps,
  { wholeBytes, tailBytes }: FetchSizes = SIZES,
): Promise<Input> {
  const { object, sizeBytes } = expected;
  deps.progress.say(`fetching ${object}, ${formatSize(sizeBytes)}`);
  const reader = await deps.bucket.openReader(object, { expected, signal: deps.signal });
  const scratch = new ScratchZip(fd, (start, end) => reader.part(start, end));
  const { arrival, ...input } = arrivalOf(expected, reader, scratch, deps.progress);
  const arrived = async (): Promise<Archive> => {
    await arrival.drain((chunk, position) => scratch.fill(chunk, position));
    return fileArchive(fd, deps.signal);
  };
  if (sizeBytes <= wholeBytes) return { ...input, archive: await arrived() };
  await scratch.hold(Math.max(0, sizeBytes - tailBytes));
  const contents = async (isInOrder: boolean) => (isInOrder ? arrival : (await arrived()).contents(isInOrder));
  return { ...input, archive: { directory: scratch, contents } };
}

function arrivalOf({ object, sizeBytes }: StoredObject, reader: ObjectReader, scratch: ScratchZip, progress: Progress) {
  let isSame = true;
  const arrival = createArrival(reader.all(), (chunk, position) => {
    isSame &&= scratch.agrees(chunk, position);
    progress.tick(() => `fetched ${formatSize(position + chunk.length)} of ${formatSize(sizeBytes)}`);
  });
  const verify = async (): Promise<void> => {
    await arrival.drain();
    if (!isSame) throw new TransferError('InputUnavailable', `the end of ${object} is not the one that was read first`);
  };
  return { arrival, verify, close: () => arrival.close() };
}
