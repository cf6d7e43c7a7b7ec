import { globSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { SUITES } from '../suites.ts';
import { declaredVariants } from './declared-variants.ts';
import type { TestFile } from './plan.ts';

const TESTS = join(import.meta.dirname, '..');

/** Every test file of every suite, with the variants that it declares. */
export function readTestFiles(): readonly TestFile[] {
  return SUITES.flatMap((suite) =>
    globSync(join(TESTS, suite.name, '**', '*.test.ts'))
      .sort()
      .map((path) => ({ suite, path: relative(TESTS, path), variants: declaredVariants(readFileSync(path, 'utf8')) })),
  );
}
