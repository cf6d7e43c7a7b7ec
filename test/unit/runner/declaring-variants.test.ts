import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readTestFiles } from '../../runner/files.ts';
import { declaredVariants } from '../../runner/declared-variants.ts';

test('a file without a declaration runs once, on claims', () => {
  assert.deepEqual(declaredVariants("import { variants } from '../support/variants.ts';\n"), ['claims']);
});

test('the declared variants are read in their order', () => {
  const source = "import a from 'b';\n\nvariants('one-pod', 'signed-urls');\n";
  assert.deepEqual(declaredVariants(source), ['one-pod', 'signed-urls']);
});

test('an unknown variant is refused by name', () => {
  assert.throws(() => declaredVariants("variants('two-pods');"), /variants\('two-pods'\) is unknown; use claims/);
});

test('the core of whole jobs runs in all variants', () => {
  const files = readTestFiles();
  for (const core of ['round-trip', 'failing-job', 'killed-job', 'job-that-is-tried-again', 'large-round-trip']) {
    const file = files.find(({ path }) => path === `jobs/a-${core}.test.ts`);
    assert.deepEqual(file?.variants, ['claims', 'one-pod', 'signed-urls'], core);
  }
});
