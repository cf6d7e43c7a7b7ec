import { Agent, fetch, interceptors } from 'undici';
import type { RequestInit } from 'undici';
import type { PresentedJob } from '../../../api/present.ts';
import { required } from '../../support/environment.ts';

/** Calls that cost this process little: thousands of them are made beside what is measured. */

/** How long a client waits for a change before it asks again. */
const WAIT_SECONDS = 30;

/** A connection may be closed just as it is used again: what changes nothing is asked once more, as clients do. */
const dispatcher = new Agent({ keepAliveTimeout: 1_000, keepAliveMaxTimeout: 1_000 }).compose(
  interceptors.retry({ methods: ['GET'], statusCodes: [], maxRetries: 2, minTimeout: 50 }),
);

/** A job as a client has seen it last. */
export interface Seen {
  readonly job: PresentedJob;
  readonly etag: string;
}

/** Sends a job without a name, whose pod keeps to `pace`. @returns its id */
export async function sendJob(pace: 'held' | 'quick'): Promise<string> {
  const body = JSON.stringify({ job_parameters: { docker_image: 'task', labels: { pace } } });
  const headers = { prefer: 'respond-async', 'content-type': 'application/json' };
  return (await ask('/batch/', { method: 'POST', headers, body })).job.id;
}

/** A job as it is now. */
export async function lookAt(id: string): Promise<Seen> {
  return await ask(`/batch/${id}`);
}

/** Waits until `isThere` holds of the job, by long polls that miss nothing. Throws when it has ended otherwise. */
export async function waitFor(seen: Seen, isThere: (job: PresentedJob) => boolean): Promise<PresentedJob> {
  for (let { job, etag } = seen; ;) {
    if (isThere(job)) return job;
    if (job.stop_time !== undefined) throw new Error(`the job has ended: ${JSON.stringify(job)}`);
    ({ job, etag } = await ask(`/batch/${job.id}?wait=${WAIT_SECONDS}`, { headers: { 'if-none-match': etag } }));
  }
}

async function ask(path: string, init: RequestInit = {}): Promise<Seen> {
  const answer = await fetch(`${required('API_URL')}${path}`, { ...init, dispatcher });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${init.method ?? 'GET'} ${path} answered ${answer.status}: ${text}`);
  const { data } = JSON.parse(text) as { data: PresentedJob };
  return { job: data, etag: answer.headers.get('etag') ?? '' };
}
