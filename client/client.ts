/** A client of the service. It needs nothing but `fetch`, so that it works in Node.js and in browsers. */
import { createCalls } from './calls.ts';
import type { Calls, Server } from './calls.ts';
import { listJobs, readPage, watchPage } from './list.ts';
import type { JobPage } from './list.ts';
import { followLog, readLog } from './logs.ts';
import type { LogOptions } from './logs.ts';
import { readOutput } from './output.ts';
import { patiently } from './patience.ts';
import type { PatienceOptions } from './patience.ts';
import { submitJob } from './submit.ts';
import type { SubmitOptions } from './submit.ts';
import type { Job, JobFilter, JobCounts, JobRequest, ZipFiles } from './types.ts';
import { waitForJob, watchJob } from './watch.ts';

/** What can be done with jobs. `id` is the id or the name of one. All of it rejects with `ApiRefusal` and `ServiceUnreachable`. */
export interface JobClient {
  /** Sends a job; it is safe with the service when this resolves. */
  submit(request: JobRequest, options?: SubmitOptions): Promise<Job>;
  /** All jobs that meet the filter, newest first. */
  list(filter?: JobFilter, options?: PatienceOptions): AsyncGenerator<Job>;
  page(filter?: JobFilter, options?: PatienceOptions): Promise<JobPage>;
  /** A page as it is, and as it is after each change. It does not end by itself. */
  watchPage(filter?: JobFilter, options?: PatienceOptions): AsyncGenerator<JobPage>;
  get(id: string, options?: PatienceOptions): Promise<Job>;
  /** The job as it is, and as it is after each change, until it has ended. */
  watch(id: string, options?: PatienceOptions): AsyncGenerator<Job>;
  /** The first state of which `isReached` holds; the last one when it never does. */
  waitFor(id: string, isReached: (job: Job) => boolean, options?: PatienceOptions): Promise<Job>;
  /** Asks for the end of a job; resolves with it when nothing is left of it on the cluster, or some seconds later. */
  kill(id: string, options?: PatienceOptions): Promise<Job>;
  /** A log as it is at this moment. */
  log(id: string, options?: LogOptions): AsyncGenerator<Uint8Array>;
  /** A log from the start of its container to its end. */
  followLog(id: string, options?: LogOptions): AsyncGenerator<Uint8Array>;
  /** How many jobs came in the last hours, in 24 parts, by what has become of them. */
  counts(hours: number, options?: PatienceOptions): Promise<JobCounts>;
  /** What is in a zip of a job: up to a thousand files, and how many there are. */
  files(id: string, side: 'input' | 'output', options?: PatienceOptions): Promise<ZipFiles>;
  /** The output zip. */
  output(id: string, options?: PatienceOptions): AsyncGenerator<Uint8Array>;
}

/** A client of the API of `server`. What `defaults` say holds for each call that does not say otherwise. */
export function createClient(server: Server, defaults: PatienceOptions = {}): JobClient {
  const calls = createCalls(server);
  const all = <T extends PatienceOptions>(options?: T) => ({ ...defaults, ...options });
  return {
    submit: (request, options) => submitJob(calls, request, all(options)),
    list: (filter, options) => listJobs(calls, filter, all(options)),
    page: (filter, options) => readPage(calls, filter, all(options)),
    watchPage: (filter, options) => watchPage(calls, filter, all(options)),
    get: (id, options) => getJob(calls, id, all(options)),
    watch: (id, options) => watchJob(calls, id, all(options)),
    waitFor: (id, isReached, options) => waitForJob(calls, id, isReached, all(options)),
    kill: (id, options) => killJob(calls, id, all(options)),
    log: (id, options) => readLog(calls, id, all(options)),
    followLog: (id, options) => followLog(calls, id, all(options)),
    counts: (hours, options) => countJobs(calls, hours, all(options)),
    files: (id, side, options) => readFiles(calls, id, side, all(options)),
    output: (id, options) => readOutput(calls, id, all(options)),
  };
}

async function getJob(calls: Calls, id: string, options: PatienceOptions = {}): Promise<Job> {
  return await patiently(options, async () =>
    jobIn(await calls.GET('/batch/{id}', { params: { path: { id } }, ...signalOf(options) })),
  );
}

async function killJob(calls: Calls, id: string, options: PatienceOptions = {}): Promise<Job> {
  return await patiently(options, async () =>
    jobIn(await calls.DELETE('/batch/{id}', { params: { path: { id } }, ...signalOf(options) })),
  );
}

async function countJobs(calls: Calls, hours: number, options: PatienceOptions = {}): Promise<JobCounts> {
  return await patiently(options, async () => {
    const { data } = await calls.GET('/counts', { params: { query: { hours } }, ...signalOf(options) });
    if (data === undefined) throw new Error('the answer has no counts');
    return data.data;
  });
}

async function readFiles(
  calls: Calls,
  id: string,
  side: 'input' | 'output',
  options: PatienceOptions = {},
): Promise<ZipFiles> {
  return await patiently(options, async () => {
    const { data } = await calls.GET(`/batch/{id}/${side}/files`, { params: { path: { id } }, ...signalOf(options) });
    if (data === undefined) throw new Error('the answer has no files');
    return data.data;
  });
}

function signalOf({ signal }: PatienceOptions): { signal?: AbortSignal } {
  return signal === undefined ? {} : { signal };
}

function jobIn({ data }: { data?: { data: Job } | undefined }): Job {
  if (data === undefined) throw new Error('the answer has no job');
  return data.data;
}
