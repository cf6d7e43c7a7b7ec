import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { bundleTransfer } from '../../../deploy/images/transfer/bundle.ts';
import { compileTransfer } from '../../../deploy/images/transfer/compile.ts';
import {
  COMPILED_ENV,
  COMPILED_FOLDER,
  COMPILED_FOR_UID,
  TRANSFER_NODE_FLAGS,
} from '../../../deploy/images/transfer/image.ts';
import { createTestFolder } from '../../support/trees.ts';

test('the user of the image starts a transfer that is compiled already, wherever it was compiled', async () => {
  using folder = createTestFolder();
  chmodSync(folder.path, 0o755);
  const bundle = join(folder.path, 'transfer.js');
  await bundleTransfer(bundle);
  compileTransfer(bundle);
  const env = {
    ...COMPILED_ENV,
    NODE_COMPILE_CACHE: join(folder.path, COMPILED_FOLDER),
    NODE_DEBUG_NATIVE: 'COMPILE_CACHE',
  };
  const asUser = { env, uid: COMPILED_FOR_UID, gid: COMPILED_FOR_UID, encoding: 'utf8' } as const;
  const { status, stdout, stderr } = spawnSync(process.execPath, [...TRANSFER_NODE_FLAGS, bundle, '--version'], asUser);
  assert.equal(status, 0, stderr);
  assert.match(stdout + stderr, /transfer\.js was accepted/);
});
