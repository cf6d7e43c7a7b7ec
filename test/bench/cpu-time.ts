import { cpus } from 'node:os';

/** What all cores of the machine have spent since it started. */
export interface CpuTime {
  readonly idleMs: number;
  readonly allMs: number;
}

export function cpuTime(): CpuTime {
  const times = cpus().map((cpu) => cpu.times);
  const sum = (values: number[]) => values.reduce((left, right) => left + right, 0);
  return { idleMs: sum(times.map(({ idle }) => idle)), allMs: sum(times.flatMap((each) => Object.values(each))) };
}

/** How much of all cores was at work from one time to a later one, 0 to 1. Pure. */
export function busyShare(from: CpuTime, to: CpuTime): number {
  return 1 - (to.idleMs - from.idleMs) / (to.allMs - from.allMs);
}
