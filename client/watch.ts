/** A job's states as they come. */
import { isFinal } from '../workflows/contract.ts';
import type { Calls } from './calls.ts';
import { EVENT_STREAM, followEvents } from './events.ts';
import type { PatienceOptions } from './patience.ts';
import type { Job } from './types.ts';

/**
 * The job as it is, and as it is after each change, until it has ended. What breaks off is taken up again.
 * @throws ApiRefusal when the service refuses for good
 */
export async function* watchJob(calls: Calls, id: string, options: PatienceOptions = {}): AsyncGenerator<Job> {
  const { signal } = options;
  const open = (seen: string) =>
    calls.GET('/batch/{id}/events', {
      params: { path: { id }, header: seen === '' ? {} : { 'Last-Event-ID': seen } },
      ...EVENT_STREAM,
      ...(signal && { signal }),
    });
  for await (const { event, data } of followEvents(open, options)) {
    if (event !== 'job') continue;
    const job = JSON.parse(data) as Job;
    yield job;
    if (isFinal(job.status)) return;
  }
}

/** The first state of a job of which `isReached` holds; the last one when it never does. */
export async function waitForJob(
  calls: Calls,
  id: string,
  isReached: (job: Job) => boolean,
  options: PatienceOptions = {},
): Promise<Job> {
  let last: Job | undefined;
  for await (const job of watchJob(calls, id, options)) {
    last = job;
    if (isReached(job)) break;
  }
  if (last === undefined) throw new Error(`job ${id} has no state`);
  return last;
}
