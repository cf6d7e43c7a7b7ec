import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  closeSync,
  linkSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { test } from 'node:test';
import { pack } from '../../../transfer/pack.ts';
import type { Limits } from '../../../transfer/quota.ts';
import { createSkipped } from '../../../transfer/skipped.ts';
import { walk } from '../../../transfer/walk.ts';
import type { TreeEntry } from '../../../transfer/walk.ts';
import { createTestFolder } from '../../support/trees.ts';
import { entriesOf } from '../../support/zip-entries.ts';

const SECRET = 'a secret that no job may have';
const MIB = 1024 * 1024;

/** A folder `output` beside the file `secret`. */
interface Place {
  readonly output: string;
  readonly secret: string;
}

/** Lets `plant` fill the output, and packs it; `meddle` is called for each entry before it is packed. */
async function packPlanted(
  plant: (place: Place) => void | Promise<void>,
  { meddle = () => undefined, ...limits }: Limits & { meddle?: (entry: TreeEntry, place: Place) => void } = {},
) {
  using folder = createTestFolder();
  const place = { output: join(folder.path, 'output'), secret: join(folder.path, 'secret') };
  mkdirSync(place.output);
  writeFileSync(place.secret, SECRET);
  await plant(place);
  const skipped = createSkipped();
  const entries = function* () {
    for (const entry of walk(place.output, { ...limits, skipped })) {
      meddle(entry, place);
      yield entry;
    }
  };
  const zip = await buffer(pack(entries(), limits));
  const packed = await entriesOf(zip);
  assert.ok(!Object.values(packed).some(({ content }) => content.includes(SECRET)));
  return { names: Object.keys(packed), packed, skipped };
}

const LINKS: Readonly<Record<string, (place: Place) => string>> = {
  'an absolute link': ({ secret }) => secret,
  'a relative link': () => '../secret',
  'a link into /proc': () => '/proc/self/environ',
  'a link to an open file': () => '/proc/self/fd/0',
  'a link to nothing': () => '/nowhere',
  'a link to the folder above': () => '..',
  'a link to the root': () => '/',
};

for (const [what, targetOf] of Object.entries(LINKS)) {
  test(`${what} is left out, and named`, async () => {
    const { names, skipped } = await packPlanted((place) => {
      writeFileSync(join(place.output, 'kept'), 'x');
      symlinkSync(targetOf(place), join(place.output, 'planted'));
    });
    assert.deepEqual([names, skipped.count], [['kept'], 1]);
    assert.match(skipped.examples.join(), /planted" is an? .*link/);
  });
}

test('devices, FIFOs and sockets are left out, each named for what it is', async () => {
  const { names, skipped } = await packPlanted(async ({ output }) => {
    execFileSync('mknod', [join(output, 'block'), 'b', '7', '0']);
    execFileSync('mknod', [join(output, 'zero'), 'c', '1', '5']);
    execFileSync('mkfifo', [join(output, 'fifo')]);
    const server = createServer().listen(join(output, 'socket'));
    await new Promise((resolve) => server.once('listening', resolve));
    // Its file goes when it is closed by itself.
    renameSync(join(output, 'socket'), join(output, 'socket-of-old'));
    await new Promise((resolve) => server.close(resolve));
  });
  assert.deepEqual([names, skipped.count], [[], 4]);
  const kinds = skipped.examples.map((example) => /(\w[-\w]*" is .*)$/.exec(example)?.[1]);
  assert.deepEqual(kinds, ['block" is a device', 'fifo" is a FIFO', 'socket-of-old" is a socket', 'zero" is a device']);
});

test('of what is left out only the first few are named, and all are counted', async () => {
  const { skipped } = await packPlanted(({ output }) => {
    for (let index = 0; index < 50; index += 1) symlinkSync('/', join(output, `${index}`));
  });
  assert.deepEqual([skipped.count, skipped.examples.length], [50, 10]);
});

test('hard links are files of their own, and each counts', async () => {
  const plant = ({ output }: Place): void => {
    writeFileSync(join(output, 'a'), 'x'.repeat(1000));
    for (const name of ['b', 'c']) linkSync(join(output, 'a'), join(output, name));
  };
  const { packed } = await packPlanted(plant, { volumeBytes: 3000 });
  assert.deepEqual(new Set(Object.values(packed).map(({ content }) => content.length)), new Set([1000]));
  await assert.rejects(packPlanted(plant, { volumeBytes: 2999 }), {
    reason: 'OutputTooLarge',
    message: 'the output is larger than its volume of 2999 bytes',
  });
});

test('a file with holes is packed as what it reads as, within its volume', async () => {
  const plant = ({ output }: Place): void => {
    writeFileSync(join(output, 'holes'), 'x');
    truncateSync(join(output, 'holes'), MIB);
  };
  const { packed } = await packPlanted(plant, { volumeBytes: MIB });
  assert.equal(packed['holes']?.content.length, MIB);
  await assert.rejects(packPlanted(plant, { volumeBytes: MIB - 1 }), { reason: 'OutputTooLarge' });
});

test('a file that grows as long as it is read ends at the limit', async () => {
  using folder = createTestFolder();
  const path = join(folder.path, 'endless');
  writeFileSync(path, Buffer.alloc(MIB));
  const grow = (): void => appendFileSync(path, Buffer.alloc(MIB / 8));
  const packing = pack(walk(folder.path), { maxBytes: 8 * MIB, onProgress: grow });
  await assert.rejects(buffer(packing), { reason: 'OutputTooLarge' });
});

test('a folder that a link took the place of is left out, and nothing behind the link is read', async () => {
  const plant = ({ output }: Place): void => {
    mkdirSync(join(output, 'b'));
    writeFileSync(join(output, 'a'), 'x');
    writeFileSync(join(output, 'b/inside'), 'x');
  };
  const swap = ({ name }: TreeEntry, { output }: Place): void => {
    if (name !== 'a') return;
    rmSync(join(output, 'b'), { recursive: true });
    symlinkSync('..', join(output, 'b'));
  };
  const { names, skipped } = await packPlanted(plant, { meddle: swap });
  assert.deepEqual([names, skipped.count], [['a'], 1]);
});

test('a folder that is moved away while it is read is read on, and what comes into its place is not', async () => {
  const plant = ({ output }: Place): void => {
    mkdirSync(join(output, 'd/deeper'), { recursive: true });
    writeFileSync(join(output, 'd/deeper/secret'), 'innocent');
  };
  const swap = ({ name }: TreeEntry, { output }: Place): void => {
    if (name !== 'd/deeper') return;
    renameSync(join(output, 'd'), join(output, '../moved'));
    mkdirSync(join(output, 'd'));
    symlinkSync('../..', join(output, 'd/deeper'));
  };
  const { packed } = await packPlanted(plant, { meddle: swap });
  assert.equal(packed['d/deeper/secret']?.content, 'innocent');
});

const REPLACED: Readonly<Record<string, (path: string, place: Place) => void>> = {
  'a link': (path, { secret }) => symlinkSync(secret, path),
  'a FIFO': (path) => execFileSync('mkfifo', [path]),
  'a device without an end': (path) => execFileSync('mknod', [path, 'c', '1', '5']),
  'a folder': (path) => mkdirSync(path),
  nothing: () => undefined,
};

for (const [what, put] of Object.entries(REPLACED)) {
  test(`a file that ${what} took the place of is refused by name`, async () => {
    const swap = (_entry: TreeEntry, place: Place): void => {
      rmSync(join(place.output, 'file'));
      put(join(place.output, 'file'), place);
    };
    const packing = packPlanted(({ output }) => writeFileSync(join(output, 'file'), 'x'), { meddle: swap });
    await assert.rejects(packing, { reason: 'OutputUploadFailed', message: /output\/file" was replaced while it/ });
  });
}

test('names keep apart that a zip would write alike', async () => {
  const names = [
    'a\\',
    'a%5C',
    'a%5C~2',
    Buffer.from([0x62, 0xff]),
    'b%FF',
    'b%FF\\',
    Buffer.from('b\xff\\', 'latin1'),
  ];
  const { packed } = await packPlanted(({ output }) => {
    for (const name of names) writeFileSync(Buffer.concat([Buffer.from(`${output}/`), Buffer.from(name)]), name);
  });
  assert.equal(Object.keys(packed).length, names.length);
  assert.equal(packed['a%5C']?.content, 'a%5C');
  assert.equal(packed['a%5C~3']?.content, 'a\\');
  assert.equal(packed['b%FF']?.content, 'b%FF');
});

test('a name with control characters is packed as it is, and harmless where it is told', async () => {
  const name = 'a\u001b[2J\nb';
  const { names, skipped } = await packPlanted(({ output }) => {
    writeFileSync(join(output, name), 'x');
    symlinkSync('/', join(output, `${name}-link`));
  });
  assert.deepEqual(names, [name]);
  assert.match(skipped.examples.join(), /a\\u001b\[2J\\nb-link" is an absolute link$/);
});

/** Makes folders in folders, deeper than a path can say; the first is `<folder>/d`. */
function dig(folder: string, levels: number): void {
  let fd = openSync(folder, 'r');
  for (let level = 0; level < levels; level += 1) {
    mkdirSync(`/proc/self/fd/${fd}/d`);
    const next = openSync(`/proc/self/fd/${fd}/d`, 'r');
    closeSync(fd);
    fd = next;
  }
  closeSync(fd);
}

test('a very deep tree is packed down to where a path ends, and refused beyond', async () => {
  const { names } = await packPlanted(({ output }) => dig(output, 1500));
  assert.equal(names.length, 1500);
  using folder = createTestFolder();
  dig(folder.path, 2500);
  await assert.rejects(buffer(pack(walk(folder.path))), {
    reason: 'OutputTooLarge',
    message: /lies too deep: its path has more than 4095 bytes/,
  });
  // Node removes by paths alone.
  execFileSync('rm', ['-rf', join(folder.path, 'd')]);
});

test('a folder of more names than allowed is refused before they are all read', async () => {
  const plant = ({ output }: Place): void => {
    for (let index = 0; index < 3000; index += 1) writeFileSync(join(output, `${index}`), '');
  };
  await assert.rejects(packPlanted(plant, { maxFiles: 1000 }), { reason: 'OutputTooLarge', message: /JOB_MAX_FILES/ });
});
