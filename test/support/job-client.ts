import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import type { PresentedJob } from '../../api/present.ts';
import type { JobStatus } from '../../workflows/contract.ts';
import type { EnvironmentValue, JobParameters } from '../../workflows/parameters.ts';
import { assertDocumented } from './documented.ts';
import { required } from './environment.ts';
import { inStandardMode } from './standard-mode.ts';

/** The service as a client sees it: HTTP alone. */

export interface Answer<T> {
  readonly status: number;
  readonly body: { readonly data: T; readonly error: string; readonly msg: string; readonly result: boolean };
}

/** Parameters as a client writes them, who has sensitive values in clear. */
export interface AskedParameters extends Omit<JobParameters, 'environment_variables'> {
  readonly environment_variables?: Readonly<Record<string, EnvironmentValue | SensitiveValue>>;
}

interface SensitiveValue {
  readonly value: string;
  readonly sensitive: boolean;
}

/** A job of a test that takes longer than this is stuck. */
const LIMIT_MS = 300_000;

const ENDED: readonly JobStatus[] = ['succeeded', 'failed', 'killed'];

/** A name that no other test uses. */
export function aName(prefix: string): string {
  return `${prefix}-${randomBytes(5).toString('hex')}`;
}

/** A job that runs `script` in a shell. */
export function shellJob(script: string, more: Partial<JobParameters> = {}): JobParameters {
  return { docker_image: required('IMAGE_BUSYBOX'), command: ['sh', '-c', script], ...more };
}

/** Submits a job, in the variant of this run, without waiting for its start. `inputZip` is sent as a stream of its own. */
export async function submit(
  name: string,
  parameters: AskedParameters,
  inputZip?: Buffer<ArrayBuffer> | Blob,
): Promise<Answer<PresentedJob>> {
  const job = JSON.stringify({ name, job_parameters: inStandardMode(parameters) });
  const headers = { prefer: 'respond-async' };
  if (!inputZip) {
    return await call('POST', '/batch/', { headers: { ...headers, 'content-type': 'application/json' }, body: job });
  }
  const form = new FormData();
  form.set('job', job);
  form.set('input', inputZip instanceof Blob ? inputZip : new Blob([inputZip]), 'input.zip');
  return await call('POST', '/batch/', { headers, body: form });
}

/** One call; the answer is read whole, and must be as the document says. */
export async function call<T = PresentedJob>(method: string, path: string, init: RequestInit = {}): Promise<Answer<T>> {
  const response = await fetch(`${required('API_URL')}${path}`, { method, ...init });
  const body = (await response.json()) as Answer<T>['body'];
  assertDocumented(method, path, { status: response.status, headers: response.headers, body });
  return { status: response.status, body };
}

/** Waits until `isThere` holds of the job, by long polls. Throws when the job has ended otherwise. */
export async function until(
  idOrName: string,
  isThere: (job: PresentedJob) => boolean | Promise<boolean>,
): Promise<PresentedJob> {
  // What was refused has no id, and nobody waits for it.
  assert.ok(idOrName, 'the job was not accepted');
  for (const endMs = Date.now() + LIMIT_MS; ;) {
    const { body } = await call('GET', `/batch/${idOrName}`);
    if (await isThere(body.data)) return body.data;
    if (ENDED.includes(body.data.status)) throw new Error(`the job has ended: ${JSON.stringify(body.data)}`);
    if (Date.now() > endMs) throw new Error(`the job does not get there: ${JSON.stringify(body.data)}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Waits for the end of a job, whichever it is. */
export async function untilEnded(idOrName: string): Promise<PresentedJob> {
  return await until(idOrName, ({ status }) => ENDED.includes(status));
}

/** Submits a job and waits for its end. */
export async function runJob(
  name: string,
  parameters: JobParameters,
  inputZip?: Buffer<ArrayBuffer> | Blob,
): Promise<PresentedJob> {
  const { status, body } = await submit(name, parameters, inputZip);
  if (status !== 200) throw new Error(`POST answered ${status}: ${JSON.stringify(body)}`);
  return await untilEnded(body.data.id);
}

/** A log of a job as the API gives it; its task's, unless `query` says another. */
export async function logOf(idOrName: string, query = ''): Promise<string> {
  const response = await fetch(`${required('API_URL')}/batch/${idOrName}/logs${query}`);
  if (!response.ok) throw new Error(`GET logs answered ${response.status}: ${await response.text()}`);
  return await response.text();
}

/** Downloads the output zip from the address that the job tells. */
export async function downloadOutput(job: PresentedJob): Promise<Buffer> {
  if (!job.output_file_url) throw new Error(`the job has no output_file_url: ${JSON.stringify(job)}`);
  const response = await fetch(job.output_file_url);
  if (!response.ok) throw new Error(`the output_file_url answered ${response.status}`);
  return Buffer.from(await response.arrayBuffer());
}
