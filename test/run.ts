/**
 * The gate: format, lint, types and the import rule, then the rings of tests against one stack of real servers.
 * `node test/run.ts [ring ...] [--keep]` runs only the rings named; `--keep` leaves the stack of the tests running for the next call.
 */
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createProgress } from '../deploy/local/progress.ts';
import { testProfile } from '../deploy/local/profile.ts';
import { startStack, stopStack } from '../deploy/local/stack.ts';
import type { StackOptions } from '../deploy/local/stack.ts';
import { bundleWorkflows } from '../worker/bundle.ts';
import { CHECKS, RINGS } from './rings.ts';
import type { Ring } from './rings.ts';
import { forgetWorkflows } from './support/forget-workflows.ts';
import { runCheck } from './support/run-check.ts';
import { runFiles } from './support/run-files.ts';
import type { RingResult } from './support/run-files.ts';

const REPOSITORY = join(import.meta.dirname, '..');
const profile = testProfile(REPOSITORY);

async function main(args: readonly string[]): Promise<boolean> {
  const names = args.filter((arg) => !arg.startsWith('--'));
  const rings = RINGS.filter(({ name }) => names.length === 0 || names.includes(name));
  const unknown = names.filter((name) => !RINGS.some((ring) => ring.name === name));
  if (unknown.length > 0)
    throw new Error(`no ring is called ${unknown.join(', ')}: there are ${RINGS.map(({ name }) => name).join(', ')}`);

  const results: RingResult[] = [];
  // Side by side: each of them keeps one core busy at most.
  if (names.length === 0) results.push(...(await Promise.all(CHECKS.map((check) => runCheck(REPOSITORY, check)))));
  const ofNeed = (need: Ring['needs']) => rings.filter(({ needs }) => needs === need);
  for (const ring of ofNeed('nothing')) results.push(await runRing(ring, {}));
  const [onServers, onService] = [ofNeed('servers'), ofNeed('service')];
  // Servers are not started for code that is broken already.
  if (onServers.length + onService.length > 0 && results.every(isGreen)) {
    results.push(...(await runOnStack(onServers, onService, args.includes('--keep'))));
  }
  return report(results);
}

/** Our own two processes start last: a worker would take the jobs of tests that want them untouched. */
async function runOnStack(
  onServers: readonly Ring[],
  onService: readonly Ring[],
  keep: boolean,
): Promise<RingResult[]> {
  const results: RingResult[] = [];
  const start = async (name: string, options: StackOptions) => {
    const startedMs = Date.now();
    const environment = await startStack(profile, createProgress(), options);
    results.push({ name, passed: 0, failed: 0, durationMs: Date.now() - startedMs, failures: [] });
    return environment;
  };
  const interrupted = () => void stopStack(profile).finally(() => process.exit(130));
  if (!keep) for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, interrupted);
  try {
    const environment = await start('servers', { serversOnly: true });
    const bundle = { TEST_WORKFLOW_BUNDLE: await writeBundle() };
    for (const ring of onServers) results.push(await runRing(ring, { ...environment, ...bundle }));
    if (onService.length > 0)
      await forgetWorkflows(environment['TEMPORAL_ADDRESS'] ?? '', environment['TEMPORAL_NAMESPACE'] ?? '');
    for (const [at, ring] of onService.entries()) {
      const before = onService[at - 1];
      if (before === undefined || before.settings !== ring.settings)
        await start('service', { programEnvironment: ring.settings ?? {} });
      results.push(await runRing(ring, environment));
    }
    return results;
  } finally {
    if (!keep) await stopStack(profile);
    // What a failed run left is evidence; a green one leaves nothing to the next.
    if (!keep && results.every(isGreen)) await rm(profile.stateFolder, { recursive: true, force: true });
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
      `${name.padEnd(15)} ${seconds} s  ${failed === 0 ? 'ok' : 'FAILED'}  ${passed} passed, ${failed} failed\n`,
    );
  }
  for (const failure of results.flatMap(({ failures }) => failures)) process.stdout.write(`\n${failure}\n`);
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
