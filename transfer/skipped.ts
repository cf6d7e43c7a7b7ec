/** What was left out of a zip, as it cannot be in it or could not be read; it grows while the zip is made. */
export interface Skipped {
  count: number;
  /** What the first of them are: `"/output/a" is a socket`. */
  readonly examples: string[];
}

const MAX_EXAMPLES = 10;

/** Nothing was left out yet. */
export function createSkipped(): Skipped {
  return { count: 0, examples: [] };
}

/** Counts one more. */
export function skip(skipped: Skipped, example: string): void {
  skipped.count += 1;
  if (skipped.examples.length < MAX_EXAMPLES) skipped.examples.push(example);
}
