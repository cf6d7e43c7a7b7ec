import { randomUUID } from 'node:crypto';
import type { PresentedJob } from '../../api/present.ts';
import type { JobStatus } from '../../workflows/contract.ts';
import { isFinal } from '../../workflows/contract.ts';
import { required } from '../support/environment.ts';
import type { MixedJob } from './jobs.ts';
import { persist, ViolationError } from './patience.ts';

/** How long a client may have to try until it is heard: longer than any outage of a round and its healing. */
const HEARD_MS = 120_000;

type Envelope = { readonly result: boolean; readonly msg: string; readonly data: PresentedJob };

/** Submits a job; repeated under one key until the service has said that it has it. */
export async function submitPersistently(name: string, { parameters, inputZip }: MixedJob): Promise<PresentedJob> {
  const headers = { 'idempotency-key': randomUUID(), prefer: 'respond-async' };
  return await persist(`POST of ${name}`, HEARD_MS, async (signal) => {
    const form = new FormData();
    form.set('job', JSON.stringify({ name, job_parameters: parameters }));
    if (inputZip) form.set('input', new Blob([inputZip]), 'input.zip');
    return await ask('/batch/', { method: 'POST', headers, body: form, signal });
  });
}

/** Asks to kill a job, until the service has said that it will, or that it has ended. */
export async function killPersistently(id: string): Promise<void> {
  await persist(`DELETE of ${id}`, HEARD_MS, async (signal) => {
    const headers = { prefer: 'respond-async' };
    const response = await fetch(urlOf(`/batch/${id}`), { method: 'DELETE', headers, signal });
    const { msg } = (await response.json()) as Envelope;
    if (response.ok || msg.startsWith("Can't stop batch job")) return;
    throw refusalOf(response.status, msg);
  });
}

/** The job as it has ended. A status that was final and is another one later is a violation. */
export async function endOf(id: string, limitMs: number): Promise<PresentedJob> {
  return await persist(`end of ${id}`, limitMs, async (signal) => {
    const job = await ask(`/batch/${id}?wait=10`, { signal });
    if (!isFinal(job.status)) throw new Error(`it is ${job.status}, ${job.phase}: ${job.explain ?? ''}`);
    return job;
  });
}

/** Asserts that the job still is as it ended. */
export async function assertStays(job: PresentedJob): Promise<void> {
  const now = await persist<{ status: JobStatus }>(`GET of ${job.id}`, HEARD_MS, (signal) =>
    ask(`/batch/${job.id}`, { signal }),
  );
  if (now.status !== job.status) throw new ViolationError(`${job.name} was ${job.status} and is ${now.status}`);
}

async function ask(path: string, init: RequestInit): Promise<PresentedJob> {
  const response = await fetch(urlOf(path), init);
  const { msg, data } = (await response.json()) as Envelope;
  if (response.ok) return data;
  throw refusalOf(response.status, msg);
}

/** The client's fault it cannot be: nothing here is wrong with a request. */
function refusalOf(status: number, msg: string): Error {
  const said = `answered ${status}: ${msg}`;
  return status < 500 ? new ViolationError(said) : new Error(said);
}

function urlOf(path: string): string {
  return `${required('API_URL')}${path}`;
}
