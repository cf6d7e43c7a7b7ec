import { seconds } from '../../deploy/local/progress.ts';
import { told } from './fault.ts';
import type { RunResult } from './run-plan.ts';

/** What a run did, in lines for a person. */
export function reportOf(result: RunResult, violations: readonly string[]): string[] {
  const { ended, lost, faults, slowestRecoveryMs, lastEndMs } = result;
  return [
    `jobs: ${ended.length + lost.length} (${countsOf(ended.map(({ kind }) => kind))})`,
    `faults: ${faults.length} (${countsOf(faults.map(told))})`,
    `slowest recovery: ${seconds(slowestRecoveryMs)}; the last job ended ${seconds(lastEndMs)} after the last fault`,
    ...violations.map((violation) => `violation: ${violation}`),
    `violations: ${violations.length}`,
  ];
}

function countsOf(names: readonly string[]): string {
  const groups = Object.entries(Object.groupBy(names, (name) => name));
  return groups.map(([name, group]) => `${group?.length ?? 0} ${name}`).join(', ');
}
