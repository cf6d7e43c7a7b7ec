import assert from 'node:assert/strict';
import { posix } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { safeEntryPath } from '../../../transfer/entry-path.ts';
import { isTransferError } from '../../../transfer/errors.ts';

fc.configureGlobal({ seed: 20_240_229 });

const FOLDER = '/input';

for (const name of [
  '..',
  '../a',
  'a/../../b',
  'a/..',
  '/etc/passwd',
  'C:/a',
  'c:a',
  './C:/a',
  'a\\b',
  '..\\a',
  'a\0b',
  '',
]) {
  test(`the entry name ${JSON.stringify(name)} is refused by name`, () => {
    assert.throws(
      () => safeEntryPath(FOLDER, name),
      (error) =>
        isTransferError(error) && error.reason === 'InputInvalid' && error.message.includes(JSON.stringify(name)),
    );
  });
}

for (const name of ['a b', '..a', 'a..', '...', '-rf', 'it\'s "quoted"', 'new\nline', '🦊/ü', '.hidden', 'ab:c']) {
  test(`the entry name ${JSON.stringify(name)} is taken as it is`, () => {
    assert.equal(safeEntryPath(FOLDER, name), `${FOLDER}/${name}`);
  });
}

test('a name that says the same in a longer way is taken in its shortest form', () => {
  assert.equal(safeEntryPath(FOLDER, './a//b/./c/'), `${FOLDER}/a/b/c`);
  assert.equal(safeEntryPath(FOLDER, './'), FOLDER);
});

const part = fc.oneof(
  fc.constantFrom('..', '.', '', 'a', '...', '..a', 'C:', '\\', '\\..\\', '\0', '%2e%2e', '..%2f', '~'),
  fc.string({ unit: 'binary', maxLength: 8 }),
);

test('no name leads out of the folder', () => {
  fc.assert(
    fc.property(fc.array(part, { maxLength: 8 }), (parts) => {
      const path = pathOrRefusal(parts.join('/'));
      if (path !== undefined) assert.ok(path === FOLDER || path.startsWith(`${FOLDER}/`), path);
    }),
    { numRuns: 2000 },
  );
});

test('a path that was accepted names itself when it is read back', () => {
  fc.assert(
    fc.property(fc.array(part, { minLength: 1, maxLength: 8 }), (parts) => {
      const path = pathOrRefusal(parts.join('/'));
      if (path === undefined || path === FOLDER) return;
      assert.equal(posix.normalize(path), path);
      assert.equal(safeEntryPath(FOLDER, posix.relative(FOLDER, path)), path);
    }),
    { numRuns: 2000 },
  );
});

function pathOrRefusal(name: string): string | undefined {
  try {
    return safeEntryPath(FOLDER, name);
  } catch (error) {
    assert.ok(isTransferError(error));
    return undefined;
  }
}
