import type { JSX } from 'preact';
import type { Job } from '../../client/types.ts';

/** Status and phase as a coloured word. */
export function Status({ job }: { job: Pick<Job, 'status' | 'phase'> }): JSX.Element {
  const { status, phase } = job;
  return (
    <span class={`status ${status}`}>
      {status}
      {phase !== 'ended' && phase !== status && <small> {phase}</small>}
    </span>
  );
}
