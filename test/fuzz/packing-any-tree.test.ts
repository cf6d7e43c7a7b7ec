import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { linkSync, mkdirSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { test } from 'node:test';
import fc from 'fast-check';
import { pack } from '../../transfer/pack.ts';
import type { Packed } from '../../transfer/pack.ts';
import { createSkipped } from '../../transfer/skipped.ts';
import { walk } from '../../transfer/walk.ts';
import { createTestFolder } from '../support/trees.ts';
import { forShare } from './budget.ts';
import { boundedMemory, unpackAnything } from './unpacking.ts';

const SECRET = 'a secret that no job may have';
const KINDS = ['file', 'file', 'file', 'folder', 'holes', 'hard link', 'link', 'FIFO'] as const;

/** A name of one byte each: of the few that make trouble, or of any but the two that no name has. */
const fileName = fc
  .oneof(
    fc.constantFrom(
      'a',
      'b',
      '\\',
      'a\\',
      'a%5C',
      'a%5C~2',
      'C:',
      '%',
      '\xff',
      '%FF',
      '\n',
      '\x1b[2J',
      'lost+found',
      '...',
    ),
    fc.string({ unit: fc.nat(255).map((code) => String.fromCharCode(code)), minLength: 1, maxLength: 6 }),
  )
  .map((name) => name.replaceAll(/[\0/]/g, '_'))
  .filter((name) => name !== '.' && name !== '..');
const planted = fc.record({
  parts: fc.array(fileName, { minLength: 1, maxLength: 4 }),
  kind: fc.constantFrom(...KINDS),
  target: fc.constantFrom('../secret', '/proc/self/environ', '.', '..', '/', 'nowhere'),
  sizeBytes: fc.constantFrom(0, 1, 1000, 70_000),
});
type Planted = typeof planted extends fc.Arbitrary<infer T> ? T : never;

/** Makes what can be made: a name that is taken already, or lies below a file, is left. */
function plant(root: string, { parts, kind, target, sizeBytes }: Planted): void {
  const path = Buffer.from(join(root, ...parts), 'latin1');
  try {
    mkdirSync(Buffer.from(dirname(join(root, ...parts)), 'latin1'), { recursive: true });
    if (kind === 'folder') mkdirSync(path);
    else if (kind === 'link') symlinkSync(target, path);
    else if (kind === 'hard link') linkSync(join(root, 'first'), path);
    else if (kind === 'FIFO') execFileSync('mkfifo', ['fifo'], { cwd: root, stdio: 'ignore' });
    else writeFileSync(path, Buffer.alloc(kind === 'holes' ? 0 : sizeBytes, path), { flag: 'wx' });
    if (kind === 'holes') truncateSync(path, sizeBytes);
  } catch (error) {
    if (!(error instanceof Error && ('syscall' in error || 'status' in error))) throw error;
  }
}

test('any tree is packed into a zip that we would take, and that holds nothing from outside', async () => {
  using place = createTestFolder();
  using _memory = boundedMemory();
  const output = join(place.path, 'output');
  const unpackPlace = join(place.path, 'place');
  mkdirSync(unpackPlace);
  writeFileSync(join(place.path, 'secret'), SECRET);
  const property = fc.asyncProperty(fc.array(planted, { maxLength: 12 }), async (plan) => {
    rmSync(output, { recursive: true, force: true });
    mkdirSync(output);
    writeFileSync(join(output, 'first'), 'first');
    for (const one of plan) plant(output, one);
    let packed: Packed = { files: 0, sizeBytes: 0 };
    const onProgress = (soFar: Packed): void => void (packed = { ...soFar });
    let hasLinks = false;
    const entries = function* () {
      for (const entry of walk(output, { skipped: createSkipped() })) {
        hasLinks ||= entry.target !== undefined;
        yield entry;
      }
    };
    const zip = await buffer(pack(entries(), { onProgress }));
    assert.ok(!zip.includes(SECRET));
    // An input may have no links.
    if (packed.sizeBytes < 400_000) assert.equal(await unpackAnything(unpackPlace, zip), !hasLinks);
  });
  await fc.assert(property, forShare(0.25));
});
