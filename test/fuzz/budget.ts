import type { Parameters } from 'fast-check';

/** Minutes that the suite takes: `FUZZ_MINUTES`, or one. */
export function fuzzMinutes(): number {
  return Number(process.env['FUZZ_MINUTES'] || 1);
}

/** What the draws begin with: `FUZZ_SEED`, `random` for a new one; always the same without it. */
function fuzzSeed(): number {
  const text = process.env['FUZZ_SEED'] || '1';
  const seed = text === 'random' ? Math.floor(Math.random() * 2 ** 31) : Number(text);
  process.stdout.write(`FUZZ_SEED=${seed}\n`);
  return seed;
}

type Budget = Pick<Parameters, 'seed' | 'numRuns' | 'interruptAfterTimeLimit' | 'markInterruptAsFailure'>;

/** Draws for `share` of the minutes. A case that fails is told in its smallest form, with the seed. */
export function forShare(share: number): Budget {
  return {
    seed: fuzzSeed(),
    numRuns: Number.MAX_SAFE_INTEGER,
    interruptAfterTimeLimit: share * fuzzMinutes() * 60_000,
    markInterruptAsFailure: false,
  };
}
