/** Lists of jobs. */
import type { Calls } from './calls.ts';
import { EVENT_STREAM, followEvents } from './events.ts';
import { patiently } from './patience.ts';
import type { PatienceOptions } from './patience.ts';
import type { operations } from './schema.d.ts';
import type { Job, JobFilter } from './types.ts';

/** As it is sent. */
type ListQuery = NonNullable<operations['listBatchJobs']['parameters']['query']>;

/** Some jobs, and where those after them are. */
export interface JobPage {
  readonly jobs: readonly Job[];
  /** Absent on the last page. */
  readonly nextCursor?: string;
}

/** One page of the jobs of a list, newest first. */
export async function readPage(calls: Calls, filter: JobFilter = {}, options: PatienceOptions = {}): Promise<JobPage> {
  const { signal } = options;
  return await patiently(options, async () => {
    const { data, response } = await calls.GET('/batch/', {
      params: { query: filter as ListQuery },
      ...(signal && { signal }),
    });
    const nextCursor = cursorIn(response.headers.get('link') ?? '');
    return { jobs: (data as { data: Job[] } | undefined)?.data ?? [], ...(nextCursor !== undefined && { nextCursor }) };
  });
}

/** All jobs of a list, newest first; the next page is asked for when it is needed. */
export async function* listJobs(
  calls: Calls,
  filter: JobFilter = {},
  options: PatienceOptions = {},
): AsyncGenerator<Job> {
  for (let page = await readPage(calls, filter, options); ;) {
    yield* page.jobs;
    if (page.nextCursor === undefined) return;
    page = await readPage(calls, { ...filter, cursor: page.nextCursor }, options);
  }
}

/** A page as it is, and as it is after each change. What breaks off is taken up again. */
export async function* watchPage(
  calls: Calls,
  filter: JobFilter = {},
  options: PatienceOptions = {},
): AsyncGenerator<JobPage> {
  const { signal } = options;
  const open = () =>
    calls.GET('/batch/', { params: { query: filter as ListQuery }, ...EVENT_STREAM, ...(signal && { signal }) });
  for await (const { event, data } of followEvents(open, options)) {
    if (event !== 'jobs') continue;
    const { jobs, next_cursor: nextCursor } = JSON.parse(data) as { jobs: Job[]; next_cursor?: string };
    yield { jobs, ...(nextCursor !== undefined && { nextCursor }) };
  }
}

/** The cursor of the page that a `Link` header (RFC 8288) calls the next one. */
function cursorIn(link: string): string | undefined {
  const target = /<([^>]*)>\s*;\s*rel="next"/.exec(link)?.[1];
  if (target === undefined) return undefined;
  return new URL(target, 'http://localhost').searchParams.get('cursor') ?? undefined;
}
