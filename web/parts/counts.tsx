import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { JOB_STATUSES } from '../../workflows/contract.ts';
import type { JobCounts } from '../../client/types.ts';
import { moment } from '../state/format.ts';
import { useSession } from '../state/session.ts';

const REFRESH_MS = 30_000;
const WIDTH = 24;
const HEIGHT = 100;

/** How many jobs came in each hour of a day, by what has become of them. */
export function Counts(): JSX.Element | null {
  const { client } = useSession();
  const [counts, setCounts] = useState<JobCounts>();
  useEffect(() => {
    const look = () => void client.counts(24).then(setCounts, () => undefined);
    look();
    const timer = setInterval(look, REFRESH_MS);
    return () => clearInterval(timer);
  }, [client]);
  if (counts === undefined) return null;
  const totals = counts.counts.map((hour) => JOB_STATUSES.reduce((sum, status) => sum + (hour[status] ?? 0), 0));
  const most = Math.max(1, ...totals);
  const label = (status: (typeof JOB_STATUSES)[number]) =>
    counts.counts.reduce((sum, hour) => sum + (hour[status] ?? 0), 0);
  return (
    <figure class="counts">
      <svg
        viewBox={`0 0 ${counts.counts.length * WIDTH} ${HEIGHT}`}
        role="img"
        aria-label={`Jobs of the last 24 hours: ${JOB_STATUSES.map((status) => `${label(status)} ${status}`).join(', ')}`}
        preserveAspectRatio="none"
      >
        {counts.counts.map((hour, index) => (
          <Bar
            key={index}
            hour={hour}
            index={index}
            most={most}
            title={moment(counts.from + index * counts.step_seconds * 1000)}
          />
        ))}
      </svg>
      <figcaption>
        Last 24 hours:{' '}
        {JOB_STATUSES.map((status) => (
          <span key={status} class={`status ${status}`}>
            {label(status)} {status}
          </span>
        ))}
      </figcaption>
    </figure>
  );
}

interface BarProps {
  readonly hour: JobCounts['counts'][number];
  readonly index: number;
  readonly most: number;
  readonly title: string;
}

function Bar({ hour, index, most, title }: BarProps): JSX.Element {
  let bottom = HEIGHT;
  return (
    <g>
      <title>{title}</title>
      {JOB_STATUSES.map((status) => {
        const height = ((hour[status] ?? 0) / most) * HEIGHT;
        bottom -= height;
        return <rect key={status} class={status} x={index * WIDTH + 1} y={bottom} width={WIDTH - 2} height={height} />;
      })}
    </g>
  );
}
