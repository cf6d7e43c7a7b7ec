import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rebuildMirror } from '../../../deploy/local/rebuild-mirror.ts';
import { temporaryProfile } from '../../support/temporary-stack.ts';

test('the mirror of a stack that does not run is not rebuilt, and one sentence says why', async (context) => {
  const message = 'The stack does not run: start it by `make up`.';
  await assert.rejects(rebuildMirror(await temporaryProfile(context)), { message });
});
