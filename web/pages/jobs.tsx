import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { JOB_STATUSES } from '../../workflows/contract.ts';
import type { Job, JobFilter } from '../../client/types.ts';
import { Away, Refused } from '../parts/away.tsx';
import { Counts } from '../parts/counts.tsx';
import { Status } from '../parts/status.tsx';
import { duration, moment } from '../state/format.ts';
import { useLive, useNow } from '../state/live.ts';
import { jobHref, listHref, routeOf } from '../state/route.ts';
import { useSession } from '../state/session.ts';

const PAGE = 50;

/** All jobs, as they change. */
export function JobsPage({ query }: { query: URLSearchParams }): JSX.Element {
  const { client } = useSession();
  const filters = filtersIn(query);
  const [cursors, setCursors] = useState<readonly string[]>([]);
  const cursor = cursors.at(-1);
  const filter = filterOf(filters, cursor);
  const {
    value: page,
    trouble,
    refusal,
  } = useLive((options) => client.watchPage(filter, options), [JSON.stringify(filter)]);
  const nowMs = useNow(true);
  return (
    <>
      <h1>Jobs</h1>
      {trouble && <Away message={trouble} />}
      {refusal && <Refused error={refusal} />}
      <Counts />
      <Filters filters={filters} onChange={() => setCursors([])} />
      {page === undefined ? (
        <p aria-busy={!refusal}>{refusal ? '' : 'Loading …'}</p>
      ) : (
        <JobTable jobs={page.jobs} nowMs={nowMs} />
      )}
      <nav aria-label="Pages" class="pages">
        <button
          type="button"
          class="secondary"
          disabled={cursors.length === 0}
          onClick={() => setCursors(cursors.slice(0, -1))}
        >
          Newer
        </button>
        <button
          type="button"
          class="secondary"
          disabled={page?.nextCursor === undefined}
          onClick={() => page?.nextCursor && setCursors([...cursors, page.nextCursor])}
        >
          Older
        </button>
      </nav>
    </>
  );
}

interface FilterValues {
  readonly status: string;
  readonly name: string;
  readonly label: string;
}

function filtersIn(query: URLSearchParams): FilterValues {
  return {
    status: query.get('status') ?? 'all',
    name: query.get('name') ?? '',
    label: query.get('label') ?? '',
  };
}

function filterOf({ status, name, label }: FilterValues, cursor: string | undefined): JobFilter {
  return {
    status: [status],
    limit: PAGE,
    ...(name !== '' && { name_prefix: name }),
    ...(label !== '' && { label: [label] }),
    ...(cursor !== undefined && { cursor }),
  };
}

/** The filters are in the address, so that a list can be sent to somebody. */
function Filters({ filters, onChange }: { filters: FilterValues; onChange: () => void }): JSX.Element {
  const change = (field: keyof FilterValues) => (value: string) => {
    onChange();
    // Another filter may have been changed since these were drawn.
    const route = routeOf(location.hash);
    const newest = route.page === 'jobs' ? filtersIn(route.query) : filters;
    location.hash = listHref({ ...newest, [field]: value.trim() });
  };
  return (
    <form role="search" class="filters" onSubmit={(event) => event.preventDefault()}>
      <label>
        Status
        <select value={filters.status} onChange={(event) => change('status')(event.currentTarget.value)}>
          {['all', ...JOB_STATUSES].map((status) => (
            <option key={status}>{status}</option>
          ))}
        </select>
      </label>
      <label>
        Name begins with
        <Search value={filters.name} pattern="[a-z0-9\-]*" onChange={change('name')} />
      </label>
      <label>
        Label
        <Search value={filters.label} placeholder="team=a" pattern="[^=]+=.*" onChange={change('label')} />
      </label>
    </form>
  );
}

interface SearchProps {
  readonly value: string;
  readonly pattern: string;
  readonly placeholder?: string;
  readonly onChange: (value: string) => void;
}

/** What is typed is kept until it counts: the list is drawn anew meanwhile, and would put back the value that holds. */
function Search({ value, onChange, ...input }: SearchProps): JSX.Element {
  const [typed, setTyped] = useState(value);
  useEffect(() => setTyped(value), [value]);
  return (
    <input
      {...input}
      type="search"
      value={typed}
      onInput={(event) => setTyped(event.currentTarget.value)}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}

function JobTable({ jobs, nowMs }: { jobs: readonly Job[]; nowMs: number }): JSX.Element {
  if (jobs.length === 0)
    return (
      <p>
        There are no such jobs. <a href="#/new">Send one</a>.
      </p>
    );
  return (
    <div class="overflow-auto" tabIndex={0} role="region" aria-label="Jobs">
      <table>
        <thead>
          <tr>
            {['Name', 'Status', 'Image', 'Created', 'Took', 'Result'].map((title) => (
              <th key={title} scope="col">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {jobs.map((job) => (
            <JobRow key={job.id} job={job} nowMs={nowMs} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function JobRow({ job, nowMs }: { job: Job; nowMs: number }): JSX.Element {
  const { start_time: start, stop_time: stop, failure } = job;
  return (
    <tr>
      <th scope="row">
        <a href={jobHref(job.id)}>{job.name}</a>
      </th>
      <td>
        <Status job={job} />
      </td>
      <td>{job.job_parameters.docker_image}</td>
      <td>
        <time dateTime={new Date(job.created).toISOString()} title={moment(job.created)}>
          {duration(nowMs - job.created)} ago
        </time>
      </td>
      <td>{start === undefined ? '' : duration((stop ?? nowMs) - start)}</td>
      <td>{failure?.reason ?? (job.exit_code === undefined ? '' : `exit code ${job.exit_code}`)}</td>
    </tr>
  );
}
