/**
 * Runs the unit tests for Stryker: each worker imports them once, and runs those that reach a mutant in its own process. A process
 * of Node's own runner for each mutant and file takes half a second; this takes some milliseconds.
 */
import { globSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { basename, dirname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { InstrumenterContext, StrykerOptions } from '@stryker-mutator/api/core';
import fc from 'fast-check';
import { commonTokens, declareFactoryPlugin, PluginKind, tokens } from '@stryker-mutator/api/plugin';
import {
  determineHitLimitReached,
  DryRunStatus,
  MutantRunStatus,
  TestStatus,
  toMutantRunResult,
} from '@stryker-mutator/api/test-runner';
import type { DryRunResult, TestResult, TestRunner } from '@stryker-mutator/api/test-runner';
import { collect, collected } from './collected.ts';
import type { Collected } from './collected.ts';

/** What the instrumented code reads, and what it leaves there. */
const context: InstrumenterContext = {};
Object.assign(globalThis, { __stryker__: context });

/** So that a property draws the same for each mutant, and neither for long nor on after it has failed. */
const PROPERTY_RUNS = '100';
fc.configureGlobal({ seed: 7, endOnFailure: true });

/** @param options `unitTests` are patterns of the files of tests */
function createUnitRunner(options: StrykerOptions): TestRunner {
  let isLoaded = false;
  /** All files, or those of one package. */
  const load = async (folder?: string) => {
    if (isLoaded) return;
    isLoaded = true;
    Object.assign(process.env, { PROPERTY_RUNS });
    const files = (options['unitTests'] as string[]).flatMap((pattern) => globSync(pattern)).toSorted();
    const wanted = files.filter((file) => folder === undefined || basename(dirname(file)) === folder);
    for (const file of wanted) await collect(file, pathToFileURL(resolve(file)).href);
  };
  /** Of what is loaded, or of what Stryker chooses; `bail` ends at the first that fails. */
  const run = async (bail: boolean, filter?: readonly string[]): Promise<DryRunResult> => {
    const tests = collected().filter(({ id }) => filter?.includes(id) ?? true);
    const results = await runTests(tests, bail);
    const { mutantCoverage, hitCount, hitLimit } = context;
    const ended = { status: DryRunStatus.Complete, tests: results } as const;
    return determineHitLimitReached(hitCount, hitLimit) ?? { ...ended, ...(mutantCoverage && { mutantCoverage }) };
  };
  return {
    // What was imported stays imported: for a mutant in it Stryker starts another worker.
    capabilities: () => ({ reloadEnvironment: false }),
    dryRun: () => load().then(() => run(false)),
    async mutantRun({ activeMutant, mutantActivation, hitLimit, testFilter, sandboxFileName }) {
      if (mutantActivation === 'runtime') await load();
      Object.assign(context, { activeMutant: activeMutant.id, hitLimit, hitCount: hitLimit && 0 });
      // A worker for one mutant: the tests of its own package are to notice it.
      const fault = await load(basename(dirname(sandboxFileName))).catch(String);
      if (fault !== undefined) return { status: MutantRunStatus.Error, errorMessage: fault };
      return toMutantRunResult(await run(true, testFilter));
    },
  };
}
createUnitRunner.inject = tokens(commonTokens.options);

/** One after the other, as each counts what it reaches; with `bail` no further than the first that fails. */
async function runTests(tests: readonly Collected[], bail: boolean): Promise<TestResult[]> {
  const results: TestResult[] = [];
  for (const test of tests) {
    const result = await runTest(test);
    results.push(result);
    if (bail && result.status === TestStatus.Failed) break;
  }
  return results;
}

async function runTest({ id, file, run }: Collected): Promise<TestResult> {
  context.currentTestId = id;
  const startedMs = performance.now();
  const about = () => ({ id, name: id, fileName: resolve(file), timeSpentMs: performance.now() - startedMs });
  try {
    await run();
    return { ...about(), status: TestStatus.Success };
  } catch (error) {
    return { ...about(), status: TestStatus.Failed, failureMessage: String(error) };
  } finally {
    delete context.currentTestId;
  }
}

registerHooks({
  resolve: (specifier, where, next) =>
    specifier === 'node:test'
      ? { url: new URL('collected.ts', import.meta.url).href, shortCircuit: true }
      : next(specifier, where),
});

export const strykerPlugins = [declareFactoryPlugin(PluginKind.TestRunner, 'unit', createUnitRunner)];

export const strykerValidationSchema = {
  properties: { unitTests: { type: 'array', items: { type: 'string' } } },
};
