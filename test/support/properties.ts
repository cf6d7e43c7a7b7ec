import type { Parameters } from 'fast-check';

/**
 * How often a property is tried. A run that fails says its seed; `PROPERTY_SEED=7` draws the same again.
 * @param numRuns how many cases are drawn
 */
export function runs(numRuns: number): Pick<Parameters, 'numRuns' | 'seed'> {
  const seed = process.env['PROPERTY_SEED'];
  return { numRuns, ...(seed && { seed: Number(seed) }) };
}
