import { closeSync, ftruncateSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileArchive } from '../../transfer/archive.ts';
import { openInput } from '../../transfer/input.ts';
import type { InputDeps } from '../../transfer/input.ts';
import { createProgress } from '../../transfer/progress.ts';
import { unpack } from '../../transfer/unpack.ts';
import type { Unpacked, UnpackOptions } from '../../transfer/unpack.ts';

/** Unpacks `zip` into `input` of the folder `place`; `input.zip` there is the file that it takes for it. */
export type WayToUnpack = (zip: Buffer, place: string, options?: UnpackOptions) => Promise<Unpacked>;

/** Small enough for structures to stand across the edge of two. */
const CHUNK_BYTES = 100;
/** Less than any end of a zip has. */
const TAIL_BYTES = 10;

const unpackFromFile: WayToUnpack = async (zip, place, options) => {
  const path = join(place, 'input.zip');
  writeFileSync(path, zip);
  return await withFd(path, 'r', (fd) => unpack(fileArchive(fd, options?.signal), join(place, 'input'), options));
};

const unpackAsItArrives: WayToUnpack = async (zip, place, options = {}) =>
  await withFd(join(place, 'input.zip'), 'w+', async (fd) => {
    ftruncateSync(fd, zip.length);
    const expected = { object: 'input.zip', sizeBytes: zip.length, crc32c: '' };
    const { signal = new AbortController().signal } = options;
    const deps = { bucket: bucketOf(zip), progress: createProgress(() => undefined), signal };
    const input = await openInput(expected, fd, deps, { wholeBytes: 0, tailBytes: TAIL_BYTES });
    const unpacked = await unpack(input.archive, join(place, 'input'), options);
    await input.verify();
    return unpacked;
  });

/** Each by what it unpacks from. */
export const WAYS_TO_UNPACK = {
  'from a file': unpackFromFile,
  'as it arrives': unpackAsItArrives,
} satisfies Readonly<Record<string, WayToUnpack>>;

function bucketOf(zip: Buffer): InputDeps['bucket'] {
  async function* part(start: number, end: number): AsyncGenerator<Buffer> {
    for (let at = start; at < end; at += CHUNK_BYTES) {
      yield await Promise.resolve(zip.subarray(at, Math.min(end, at + CHUNK_BYTES)));
    }
  }
  return {
    openReader: () => Promise.resolve({ sizeBytes: zip.length, all: () => part(0, zip.length), part }),
  };
}

async function withFd<T>(path: string, flags: string, step: (fd: number) => Promise<T>): Promise<T> {
  const fd = openSync(path, flags);
  try {
    return await step(fd);
  } finally {
    closeSync(fd);
  }
}
