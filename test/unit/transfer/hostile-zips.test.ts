import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { zipFault } from '../../../api/zip-directory.ts';
import { isTransferError } from '../../../transfer/errors.ts';
import { HOSTILE_ZIPS } from '../../support/hostile-zips.ts';
import { createTestFolder, describeTree } from '../../support/trees.ts';
import { WAYS_TO_UNPACK } from '../../support/ways-to-unpack.ts';

for (const [what, { zip, refusal, isListed }] of Object.entries(HOSTILE_ZIPS)) {
  for (const [way, unpack] of Object.entries(WAYS_TO_UNPACK)) {
    test(`${what} is refused ${way}, and nothing beside the folder is touched`, async () => {
      using place = createTestFolder();
      mkdirSync(join(place.path, 'input'));
      writeFileSync(join(place.path, 'canary'), 'alive');
      await assert.rejects(unpack(zip, place.path), (error) => {
        assert.ok(isTransferError(error), String(error));
        assert.equal(error.reason, 'InputInvalid');
        assert.match(error.message, refusal);
        return true;
      });
      const left = Object.entries(describeTree(place.path));
      const outside = left.filter(([name]) => !name.startsWith('input'));
      assert.deepEqual(outside, [['canary', '644 file alive']]);
      assert.ok(
        left.every(([name, entry]) => !entry.includes('special') && !name.includes('evil')),
        JSON.stringify(left),
      );
    });
  }

  test(`${what} is ${isListed ? 'refused' : 'not seen'} before its job is accepted`, async () => {
    const fault = await zipFault(zip);
    if (isListed) assert.match(fault ?? 'nothing', refusal);
    else assert.equal(fault, undefined);
  });
}
