import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { storedZip } from '../../support/stored-zip.ts';
import { createTestFolder } from '../../support/trees.ts';
import { WAYS_TO_UNPACK } from '../../support/ways-to-unpack.ts';

test('a stop in the middle of a large file is told as a stop, not as a fault of the archive', async () => {
  using place = createTestFolder();
  mkdirSync(join(place.path, 'input'));
  const stop = new AbortController();
  const onProgress = () => stop.abort(new Error('stopped by SIGTERM'));
  const zip = Buffer.concat([...storedZip(8 * 1024 ** 2)]);
  const unpacking = WAYS_TO_UNPACK['from a file'](zip, place.path, { signal: stop.signal, onProgress });
  await assert.rejects(unpacking, { code: 'ABORT_ERR' });
});
