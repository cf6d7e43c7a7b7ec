import assert from 'node:assert/strict';
import { test } from 'node:test';
import { zipFiles } from '../../../api/zip-files.ts';
import { zipOf } from '../../support/zip-entries.ts';

test('the files of a zip are told as far as their names go into four mebibytes', async () => {
  const names = Array.from({ length: 100 }, (_, at) => `${at}-${'x'.repeat(60_000)}`);
  const zip = await zipOf(Object.fromEntries(names.map((name) => [name, { isCompressed: false }])));
  const readRange = (offset: number, lengthBytes: number) =>
    Promise.resolve(zip.subarray(offset, offset + lengthBytes));
  const { files, total } = await zipFiles(zip.length, readRange, 10_000);
  assert.equal(total, 100);
  assert.deepEqual(
    files.map(({ name }) => name),
    names.slice(0, 69),
  );
});
