import { Readable } from 'node:stream';
import type { ReadStampedLog, StampedLogOptions } from './follow-log.ts';
import { lastLineOf, unstamp, wholeLines } from './stamped-log.ts';

/** Where pieces of logs are kept while their containers run. */
export interface PieceStore {
  /** Undefined when there is no such piece. */
  stat(object: string): Promise<unknown>;
  /** Names that begin with `prefix`, in their order. */
  list(prefix: string): Promise<readonly string[]>;
  read(object: string): Readable;
}

/** What the pieces of one log are called: what each begins with, the first of them, and the mark of a whole log. */
export type PieceNames = Readonly<Record<'prefix' | 'first' | 'end', string>>;

/** Pieces of one log. */
export interface KeptPieces {
  /** Names of the pieces, oldest first. */
  readonly objects: readonly string[];
  /** True when nothing is missing at their end. */
  readonly isWhole: boolean;
}

/** What is known of a log without pieces, as nearly all are. */
export const NO_PIECES: KeptPieces = { objects: [], isWhole: false };

/** Looks which pieces of a log are kept. A list costs many times what a look for the first one does, and most logs have none. */
export async function findPieces(store: PieceStore, { prefix, first, end }: PieceNames): Promise<KeptPieces> {
  if ((await store.stat(first)) === undefined) return NO_PIECES;
  const objects = await store.list(prefix);
  return { objects: objects.filter((object) => object !== end), isWhole: objects.includes(end) };
}

/** The last stamped line of the pieces; undefined when there is none. */
export async function lastLineIn(store: PieceStore, { objects }: KeptPieces): Promise<string | undefined> {
  const newest = objects.at(-1);
  return newest === undefined ? undefined : lastLineOf(Buffer.concat(await store.read(newest).toArray()));
}

/** Opens a log without its stamps: the pieces, and unless they are whole what the node has after them. */
export async function openWhole(
  store: PieceStore,
  readStampedLog: ReadStampedLog,
  pieces: KeptPieces,
  options: Omit<StampedLogOptions, 'after'>,
): Promise<Readable> {
  const rest = pieces.isWhole ? [] : await readStampedLog({ ...options, after: await lastLineIn(store, pieces) });
  return Readable.from(withoutStamps(store, pieces, rest), { objectMode: false });
}

async function* withoutStamps(
  store: PieceStore,
  { objects }: KeptPieces,
  rest: AsyncIterable<Buffer> | Iterable<Buffer>,
): AsyncGenerator<Buffer> {
  for (const object of objects) {
    for await (const piece of wholeLines(store.read(object))) yield unstamp(piece);
  }
  for await (const piece of rest) yield unstamp(piece);
}
