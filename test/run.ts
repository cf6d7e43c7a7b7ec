/**
 * The gate: checks of the code, then the suites of tests against one stack of real servers.
 * `node test/run.ts [--all] [--keep] [--variant one-pod] [suite | suite/beginning-of-a-file ...]`
 */
import { join } from 'node:path';
import { endAll, ownChildren } from '../deploy/local/proc.ts';
import { testProfile } from '../deploy/local/profile.ts';
import { createProgress } from '../deploy/local/progress.ts';
import { stopStack } from '../deploy/local/stack.ts';
import { parseArguments } from './runner/arguments.ts';
import { runGate } from './runner/gate.ts';

const CHILDREN_END_MS = 3_000;

const progress = createProgress((line) => process.stdout.write(`${line}\n`));

/** An interrupted run leaves no test behind, and no server unless `--keep` asks for it. */
function stopOnInterruption(keep: boolean): void {
  const stop = async () => {
    await endAll(await ownChildren(), CHILDREN_END_MS);
    if (!keep) await stopStack(testProfile(join(import.meta.dirname, '..')));
    process.exit(130);
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stop());
}

try {
  const options = parseArguments(process.argv.slice(2));
  stopOnInterruption(options.keep);
  process.exitCode = (await runGate(options, progress)) ? 0 : 1;
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
