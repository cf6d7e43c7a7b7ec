import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseShellLines, shellLines } from '../../../deploy/local/env-file.ts';
import { temporaryFolder } from '../../support/temporary-stack.ts';

/** Any value that an environment can carry. */
const value = fc.string({ unit: 'binary' }).filter((text) => !text.includes('\0') && text.isWellFormed());
const values = fc.array(value, { minLength: 1, maxLength: 5 });

const toEnvironment = (all: readonly string[]) => Object.fromEntries(all.map((one, index) => [`KEY_${index}`, one]));

test('what is written is read back, whatever the values are', () => {
  fc.assert(
    fc.property(values, (all) => {
      const environment = toEnvironment(all);
      assert.deepEqual(parseShellLines(shellLines(environment)), environment);
    }),
  );
});

test('a shell that reads the file gets the same values', async (context) => {
  const file = join(await temporaryFolder(context), 'env');
  const check = fc.asyncProperty(values, async (all) => {
    await writeFile(file, shellLines(toEnvironment(all)));
    const print = all.map((_, index) => `"$KEY_${index}"`).join(' ');
    const printed = execFileSync('sh', ['-c', `. ${file}; printf '%s\\0' ${print}`], { encoding: 'utf8' });
    assert.deepEqual(printed.split('\0').slice(0, -1), all);
  });
  await fc.assert(check, { numRuns: 30 });
});

test('values without a special character stand as they are', () => {
  assert.equal(shellLines({ API_URL: 'http://127.0.0.1:4898', EMPTY: '' }), 'API_URL=http://127.0.0.1:4898\nEMPTY=\n');
});
