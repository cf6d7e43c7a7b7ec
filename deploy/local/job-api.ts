import type { PresentedJob } from '../../api/present.ts';
import { isFinal } from '../../workflows/contract.ts';
import type { JobParameters } from '../../workflows/parameters.ts';

/** A job at one moment, as the API tells it. */
export type { PresentedJob };

/** The calls of the HTTP API that the demo needs. All of them throw {@link ApiError} when the API refuses. */
export interface JobApi {
  /** Sends a job with its input zip; answers as soon as the job is safely accepted. */
  submit(name: string, parameters: JobParameters, inputZip: Buffer<ArrayBuffer>): Promise<PresentedJob>;
  /** Every change of a job from now on, the present state first, until it has ended. */
  follow(id: string, signal: AbortSignal): AsyncGenerator<PresentedJob>;
  /** What the job's container wrote. */
  log(id: string): Promise<string>;
}

/** The API answered with something other than success. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
}

/** Seconds that one long poll may last. */
const LONG_POLL_SECONDS = 20;

/** Calls the API at `url`, like any HTTP client. */
export function createJobApi(url: string): JobApi {
  return {
    submit: (name, parameters, inputZip) => submit(url, name, parameters, inputZip),
    follow: (id, signal) => follow(url, id, signal),
    log: async (id) => (await call(url, `/batch/${id}/logs`)).text(),
  };
}

async function submit(
  url: string,
  name: string,
  parameters: JobParameters,
  inputZip: Buffer<ArrayBuffer>,
): Promise<PresentedJob> {
  const form = new FormData();
  form.set('job', JSON.stringify({ name, job_parameters: parameters }));
  form.set('input', new Blob([inputZip]), 'input.zip');
  return jobOf(await call(url, '/batch/', { method: 'POST', headers: { prefer: 'respond-async' }, body: form }));
}

async function* follow(url: string, id: string, signal: AbortSignal): AsyncGenerator<PresentedJob> {
  let etag = '';
  for (;;) {
    // With the tag of what was seen last, a change between two calls is answered at once.
    const headers: Record<string, string> = etag === '' ? {} : { 'if-none-match': etag };
    const wait = etag === '' ? 0 : LONG_POLL_SECONDS;
    const response = await call(url, `/batch/${id}?wait=${wait}`, { headers, signal });
    const job = await jobOf(response);
    yield job;
    if (isFinal(job.status)) return;
    etag = response.headers.get('etag') ?? '';
  }
}

async function call(url: string, path: string, init: RequestInit = {}): Promise<Response> {
  const response = await fetch(url + path, init);
  if (response.ok) return response;
  throw new ApiError(`${init.method ?? 'GET'} ${path} answered ${response.status}: ${await response.text()}`);
}

async function jobOf(response: Response): Promise<PresentedJob> {
  return ((await response.json()) as { data: PresentedJob }).data;
}
