/**
 * The gate: checks of the code, then the suites of tests against one stack of real servers.
 * `node test/run.ts [--all] [--keep] [--variant one-pod] [suite | suite/beginning-of-a-file ...]`
 */
import { createProgress } from '../deploy/local/progress.ts';
import { parseArguments } from './runner/arguments.ts';
import { runGate } from './runner/gate.ts';

const INTERRUPTED = 130;

const progress = createProgress((line) => process.stdout.write(`${line}\n`));

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** Aborts at the first interruption; a second one ends this process at once, and leaves what runs. */
function interruptionOf(): AbortSignal {
  const controller = new AbortController();
  const stop = () => {
    for (const signal of SIGNALS) process.off(signal, stop);
    controller.abort();
  };
  for (const signal of SIGNALS) process.on(signal, stop);
  return controller.signal;
}

try {
  const interruption = interruptionOf();
  const isGreen = await runGate(parseArguments(process.argv.slice(2)), progress, interruption);
  process.exitCode = interruption.aborted ? INTERRUPTED : isGreen ? 0 : 1;
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
