/** Whether what is measured of our processes grows with time: pure functions of the samples of a run. */

/** What was measured at one moment, by name; what could not be measured is absent. */
export type Sample = Readonly<Record<string, number>>;

/** How far the end of a run may be above its beginning: `ratio` times that, and `slack` more. */
export interface Bound {
  readonly ratio: number;
  readonly slack: number;
}

/** Fewer samples tell nothing: each third of them needs some. */
const FEWEST_SAMPLES = 9;

/** A sentence for each measure whose last third lies above its first by more than its bound. Medians, as servers come and go. */
export function growthsIn(samples: readonly Sample[], bounds: Readonly<Record<string, Bound>>): string[] {
  return Object.entries(bounds).flatMap(([name, bound]) => growthOf(name, valuesOf(name, samples), bound));
}

function growthOf(name: string, values: readonly number[], { ratio, slack }: Bound): string[] {
  if (values.length < FEWEST_SAMPLES) return [];
  const third = Math.floor(values.length / 3);
  const [first, last] = [medianOf(values.slice(0, third)), medianOf(values.slice(-third))];
  return last <= first * ratio + slack ? [] : [`${name} has grown from ${rounded(first)} to ${rounded(last)}`];
}

function valuesOf(name: string, samples: readonly Sample[]): number[] {
  return samples.map((sample) => sample[name]).filter((value) => value !== undefined);
}

function medianOf(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}

/** Short enough for a line. */
export function rounded(value: number): string {
  return value.toFixed(value < 10 ? 2 : 0);
}
