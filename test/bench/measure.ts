import type { FigureName } from './bounds.ts';

/** What a number counts: milliseconds, things, things in a second, mebibytes, those in a second, percent of one core, a power of the number of jobs, or how many times another number. */
export type Unit = 'ms' | 'count' | 'rate' | 'MiB' | 'MiB/s' | 'percent' | 'exponent' | 'ratio';

/** Something that is measured again and again, in turn with its peer. */
export interface Measure {
  readonly name: FigureName;
  readonly unit: Unit;
  /** Measures the service once. */
  ours(): Promise<number>;
  /** What does the same without the service, in the same run. Absent when the bound is on the number itself. */
  readonly peer?: Peer;
  /** Most counted runs; absent when as many as usual. */
  readonly runs?: number;
  /** So many times as many counted runs as usual, where pairs lie far apart. */
  readonly runsFactor?: number;
}

/** What the service is compared with. */
interface Peer {
  /** `the bare script`, as the report calls it. */
  readonly what: string;
  run(): Promise<number>;
}

/** One run of a measure. */
export interface Run {
  readonly ours: number;
  readonly peer?: number;
}

/** How a measure is taken. */
export interface Taking {
  /** Counted runs. */
  readonly count: number;
  /** Is told of each run, the first of which does not count. */
  readonly told: (run: Run, at: number) => void;
  /** Resolves when nothing is left of what came before; at once, by default. */
  readonly settle?: () => Promise<void>;
}

/** Runs the service and its peer in turn: A B A B. The first pair pays for what is cold, and does not count. */
export async function runInTurn(measure: Measure, { count, told, settle }: Taking): Promise<Run[]> {
  const { peer } = measure;
  const settled = async (deed: () => Promise<number>) => {
    await settle?.();
    return await deed();
  };
  const runs: Run[] = [];
  for (let at = 0; at <= count; at += 1) {
    const ours = await settled(() => measure.ours());
    const run = { ours, ...(peer && { peer: await settled(() => peer.run()) }) };
    told(run, at);
    if (at > 0) runs.push(run);
  }
  return runs;
}
