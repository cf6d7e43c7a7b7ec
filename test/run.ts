/**
 * The gate: format, lint, types and the import rule, then the four rings of tests against one stack of real servers.
 * `node test/run.ts [ring ...] [--keep]` runs only the rings named; `--keep` leaves the stack of the tests running for the next call.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createProgress } from '../deploy/local/progress.ts';
import { testProfile } from '../deploy/local/profile.ts';
import { startStack, stopStack } from '../deploy/local/stack.ts';
import { bundleWorkflows } from '../worker/bundle.ts';
import { CHECKS, RINGS } from './rings.ts';
import type { Ring } from './rings.ts';
import { runCheck } from './support/run-check.ts';
import { runFiles } from './support/run-files.ts';
import type { RingResult } from './support/run-files.ts';

const REPOSITORY = join(import.meta.dirname, '..');
const profile = testProfile(REPOSITORY);

async function main(args: readonly string[]): Promise<boolean> {
  const names = args.filter((arg) => !arg.startsWith('--'));
  const rings = names.length === 0 ? RINGS : RINGS.filter(({ name }) => names.includes(name));
  const unknown = names.filter((name) => !RINGS.some((ring) => ring.name === name));
  if (unknown.length > 0)
    throw new Error(`no ring is called ${unknown.join(', ')}: there are ${RINGS.map(({ name }) => name).join(', ')}`);

  const results: RingResult[] = [];
  if (names.length === 0) for (const check of CHECKS) results.push(await runCheck(REPOSITORY, check));
  const withoutServers = rings.filter(({ needsServers }) => !needsServers);
  const withServers = rings.filter(({ needsServers }) => needsServers);
  for (const ring of withoutServers) results.push(await runRing(ring, {}));
  // Servers are not started for code that is broken already.
  if (withServers.length > 0 && results.every(isGreen))
    results.push(...(await runOnStack(withServers, args.includes('--keep'))));
  return report(results);
}

async function runOnStack(rings: readonly Ring[], keep: boolean): Promise<RingResult[]> {
  const startedMs = Date.now();
  try {
    const environment = await startStack(profile, createProgress());
    const results = [{ name: 'stack', passed: 0, failed: 0, durationMs: Date.now() - startedMs }];
    const bundlePath = await writeBundle();
    for (const ring of rings) results.push(await runRing(ring, { ...environment, TEST_WORKFLOW_BUNDLE: bundlePath }));
    return results;
  } finally {
    if (!keep) await stopStack(profile);
  }
}

async function runRing(ring: Ring, environment: Readonly<Record<string, string>>): Promise<RingResult> {
  process.stdout.write(`\n== ${ring.name}: ${ring.what}\n`);
  return await runFiles(REPOSITORY, ring, environment);
}

async function writeBundle(): Promise<string> {
  const path = join(profile.stateFolder, 'workflow-bundle.js');
  await writeFile(path, (await bundleWorkflows()).code);
  return path;
}

function isGreen({ failed }: RingResult): boolean {
  return failed === 0;
}

function report(results: readonly RingResult[]): boolean {
  const sum = (of: 'passed' | 'failed') => results.reduce((total, result) => total + result[of], 0);
  process.stdout.write('\n');
  for (const { name, passed, failed, durationMs } of results) {
    const seconds = (durationMs / 1000).toFixed(1).padStart(7);
    process.stdout.write(
      `${name.padEnd(12)} ${seconds} s  ${failed === 0 ? 'ok' : 'FAILED'}  ${passed} passed, ${failed} failed\n`,
    );
  }
  process.stdout.write(`\ntests: ${sum('passed')} passed, ${sum('failed')} failed\n`);
  return results.every(isGreen);
}

main(process.argv.slice(2)).then(
  (isSuccess) => process.exit(isSuccess ? 0 : 1),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exit(1);
  },
);
