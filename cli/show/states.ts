/** States of a job in words. */
import type { Job } from '../../client/types.ts';

/** Status and phase in one line, and the attempt when there was one before. */
export function stateLine({ status, phase, attempts = [] }: Job): string {
  const attempt = attempts.length === 0 ? '' : `, attempt ${attempts.length + 1}`;
  return phase === 'ended' ? status : `${status}: ${phase}${attempt}`;
}

/** What became of a job that has ended, what its output lacks, and what may help. */
export function endLines(job: Job): string[] {
  return [...skippedLines(job), ...statusLines(job)];
}

/** How many links and special files its output lacks; nothing when it lacks none. */
export function skippedLines({ output }: Job): string[] {
  if (output?.skipped === undefined) return [];
  return [`left out of the output: ${output.skipped} (links that lead out of /output, sockets, FIFOs and devices)`];
}

function statusLines({ name, status, failure, exit_code: exitCode }: Job): string[] {
  if (failure === undefined) return [`${name} ${status}`];
  const code = exitCode === undefined ? '' : ` (exit code ${exitCode})`;
  return [
    `${name} ${status}: ${failure.reason}${code}`,
    `  ${failure.message}`,
    ...(failure.hint === undefined ? [] : [`  ${failure.hint}`]),
  ];
}
