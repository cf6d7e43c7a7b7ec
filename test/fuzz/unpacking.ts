import assert from 'node:assert/strict';
import { lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { within } from '../../promises.ts';
import { zipFault } from '../../api/zip-directory.ts';
import { isTransferError } from '../../transfer/errors.ts';
import type { Unpacked } from '../../transfer/unpack.ts';
import { WAYS_TO_UNPACK } from '../support/ways-to-unpack.ts';
import type { WayToUnpack } from '../support/ways-to-unpack.ts';

/** What any zip has to keep within: small, so that the limits are met often. */
const LIMITS = { maxBytes: 400_000, maxFiles: 60 };
const LONGEST_MS = 10_000;
const CANARY = 'alive';

/**
 * Unpacks `zip` into a folder of `place` in each way, and asserts what holds for any bytes: nothing beside the folder is touched; in it
 * are plain files and folders within the limits; a failure is one of ours, with a reason; it ends soon; the look into it before a job is
 * accepted refuses nothing that can be unpacked; and all ways come to the same.
 * @returns whether it was unpacked
 */
export async function unpackAnything(place: string, zip: Buffer): Promise<boolean> {
  const outcomes = [];
  for (const way of Object.values(WAYS_TO_UNPACK)) outcomes.push(await unpackOneWay(way, place, zip));
  const [first, ...others] = outcomes;
  for (const other of others) assert.deepEqual(other, first);
  return first?.isUnpacked === true;
}

async function unpackOneWay(unpack: WayToUnpack, place: string, zip: Buffer) {
  const folder = join(place, 'input');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  writeFileSync(join(place, 'canary'), CANARY);
  const outcome = await within(
    LONGEST_MS,
    unpack(zip, place, LIMITS).catch((error: unknown) => error),
  );
  assertUntouched(place);
  const found = contentOf(folder);
  assert.ok(found.count <= LIMITS.maxFiles && found.sizeBytes <= LIMITS.maxBytes, JSON.stringify(found));
  const fault = await within(LONGEST_MS, zipFault(zip));
  if (isUnpacked(outcome)) {
    assert.equal(fault, undefined);
    assert.equal(found.sizeBytes, outcome.sizeBytes);
    return { isUnpacked: true, found };
  }
  assert.ok(isTransferError(outcome), outcome instanceof Error ? (outcome.stack ?? '') : String(outcome));
  assert.ok(['InputInvalid', 'InputTooLarge'].includes(outcome.reason), `${outcome.reason}: ${outcome.message}`);
  assert.ok(outcome.message.length > 0);
  return { isUnpacked: false, reason: outcome.reason };
}

function isUnpacked(outcome: unknown): outcome is Unpacked {
  return !(outcome instanceof Error);
}

function assertUntouched(place: string): void {
  assert.deepEqual(readdirSync(place).sort(), ['canary', 'input', 'input.zip']);
  assert.equal(readFileSync(join(place, 'canary'), 'utf8'), CANARY);
}

/** All that stands below a folder, which must be plain files and folders without bits that change who a program runs as. */
function contentOf(folder: string): { count: number; sizeBytes: number } {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name));
  let sizeBytes = 0;
  for (const path of paths) {
    const stats = lstatSync(path);
    assert.ok(stats.isFile() || stats.isDirectory(), `${path} is special`);
    assert.equal(stats.mode & 0o7000, 0);
    if (stats.isFile()) sizeBytes += stats.size;
  }
  return { count: paths.length, sizeBytes };
}

/** Asserts that memory did not grow by more than this program may have, from here to the end of its scope. */
export function boundedMemory(moreMib = 256): Disposable {
  const peakKib = process.resourceUsage().maxRSS;
  return {
    [Symbol.dispose]: () => {
      const grownMib = (process.resourceUsage().maxRSS - peakKib) / 1024;
      assert.ok(grownMib < moreMib, `memory has grown by ${Math.round(grownMib)} MiB`);
    },
  };
}
