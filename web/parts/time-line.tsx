import type { JSX } from 'preact';
import type { Job } from '../../client/types.ts';
import { duration } from '../state/format.ts';
import { useNow } from '../state/live.ts';
import { spansOf } from '../../workflows/spans.ts';

/** The phases of a job with their durations. */
export function TimeLine({ job }: { job: Job }): JSX.Element {
  const nowMs = useNow(job.phase !== 'ended');
  const spans = spansOf(job.phase_times ?? {}, job.stop_time ?? nowMs);
  const total = Math.max(1, (spans.at(-1)?.toMs ?? 0) - (spans[0]?.fromMs ?? 0));
  return (
    <section aria-labelledby="time-line">
      <h2 id="time-line">Time line</h2>
      <ol class="time-line">
        {spans.map(({ phase, fromMs, toMs }, index) => (
          <li key={`${phase} ${fromMs}`} class={index === spans.length - 1 && job.phase !== 'ended' ? 'present' : ''}>
            <span>{phase}</span>
            <progress max={total} value={toMs - fromMs} aria-hidden="true" />
            <span>{duration(toMs - fromMs)}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}
