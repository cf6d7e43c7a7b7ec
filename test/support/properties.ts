import type { Parameters } from 'fast-check';

/**
 * How often a property is tried. A run that fails says its seed; `PROPERTY_SEED=7` draws the same again.
 * @param numRuns how many cases are drawn; `PROPERTY_RUNS` is the most
 */
export function runs(numRuns: number): Pick<Parameters, 'numRuns' | 'seed'> {
  const { PROPERTY_SEED: seed, PROPERTY_RUNS: most } = process.env;
  return { numRuns: Math.min(numRuns, Number(most ?? numRuns)), ...(seed !== undefined && { seed: Number(seed) }) };
}
