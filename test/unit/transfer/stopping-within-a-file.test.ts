import assert from 'node:assert/strict';
import { createWriteStream, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { test } from 'node:test';
import { unpack } from '../../../transfer/unpack.ts';
import { storedZip } from '../../support/stored-zip.ts';
import { createTestFolder } from '../../support/trees.ts';

test('a stop in the middle of a large file is told as a stop, not as a fault of the archive', async () => {
  using folder = createTestFolder();
  const [zip, unpacked] = [join(folder.path, 'large.zip'), join(folder.path, 'unpacked')];
  mkdirSync(unpacked);
  await pipeline(Readable.from(storedZip(8 * 1024 ** 2)), createWriteStream(zip));
  const stop = new AbortController();
  const onProgress = () => stop.abort(new Error('stopped by SIGTERM'));
  const unpacking = unpack(zip, unpacked, { signal: stop.signal, onProgress });
  await assert.rejects(unpacking, { code: 'ABORT_ERR' });
});
