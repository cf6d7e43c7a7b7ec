/** What the containers of a job write. */
import { bytesOf } from './calls.ts';
import type { Calls } from './calls.ts';
import type { PatienceOptions } from './patience.ts';
import { resumed } from './resuming.ts';
import type { LogQuery } from './types.ts';

/** Which log of a job. */
export type LogOptions = PatienceOptions & Pick<LogQuery, 'attempt' | 'container' | 'tail'>;

/** The log of a container as it is at this moment. @throws ApiRefusal 404 when there is none */
export async function* readLog(calls: Calls, id: string, options: LogOptions = {}): AsyncGenerator<Uint8Array> {
  yield* open(calls, id, queryOf(options), options.signal);
}

/**
 * The log of a container until that has ended; it begins when the container starts. What breaks off is taken up again where it broke off. With `tail` nobody knows that place:
 * then it goes on with what is written from then on.
 * @throws ApiRefusal 404 when the job has ended without it
 */
export async function* followLog(calls: Calls, id: string, options: LogOptions = {}): AsyncGenerator<Uint8Array> {
  const query: LogQuery = { ...queryOf(options), follow: 'true' };
  let [place, offset]: [LogQuery, number] = [{}, 0];
  yield* resumed(options, async function* () {
    for await (const bytes of open(calls, id, { ...query, ...place }, options.signal)) {
      offset += bytes.length;
      place = query.tail === undefined ? { offset } : { tail: 0 };
      yield bytes;
    }
  });
}

function queryOf({ attempt, container, tail }: LogOptions): LogQuery {
  return {
    ...(attempt !== undefined && { attempt }),
    ...(container !== undefined && { container }),
    ...(tail !== undefined && { tail }),
  };
}

async function* open(calls: Calls, id: string, query: LogQuery, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
  const { response } = await calls.GET('/batch/{id}/logs', {
    params: { path: { id }, query },
    parseAs: 'stream',
    ...(signal && { signal }),
  });
  yield* bytesOf(response, signal);
}
