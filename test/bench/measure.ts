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
  /** Counted runs; absent when as many as usual. */
  readonly runs?: number;
}

/** What the service is compared with. */
export interface Peer {
  /** `the bare script`, as the report calls it. */
  readonly what: string;
  run(): Promise<number>;
}

/** One run of a measure. */
export interface Run {
  readonly ours: number;
  readonly peer?: number;
}

/** Runs the service and its peer in turn: A B A B. The first pair pays for what is cold, and does not count. */
export async function runInTurn(measure: Measure, count: number, told: (run: Run, at: number) => void): Promise<Run[]> {
  const runs: Run[] = [];
  for (let at = 0; at <= count; at += 1) {
    const ours = await measure.ours();
    const run = { ours, ...(measure.peer && { peer: await measure.peer.run() }) };
    told(run, at);
    if (at > 0) runs.push(run);
  }
  return runs;
}
