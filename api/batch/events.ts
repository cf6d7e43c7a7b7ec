import { Readable } from 'node:stream';
import type { Context } from 'koa';
import { isStoreUnavailable } from '../../store/errors.ts';
import { isFinal } from '../../workflows/contract.ts';
import type { Job } from '../../workflows/contract.ts';
import { endWithCredential } from '../auth/outliving.ts';
import { principalOf } from '../auth/principal.ts';
import type { Principal } from '../auth/principal.ts';
import type { ApiDeps } from '../deps.ts';
import { commentLine, formatEvent, retryLine } from '../event-stream.ts';
import { eventsHeaders, readHeaders } from '../schemas/headers.ts';
import { departureOf } from './departure.ts';
import { findJob } from './find.ts';
import { viewJob } from './view.ts';

const HEARTBEAT_MS = 15_000;
/** When a client that lost its connection comes back. */
const RETRY_MS = 2_000;

/**
 * `GET /batch/:id/events`: the job as it is, and as it is after each change, until it has ended. 204 tells a browser that
 * has seen the end not to come back.
 */
export function getBatchJobEvents(deps: ApiDeps) {
  return async (context: Context, id: string): Promise<void> => {
    const principal = principalOf(context);
    const job = await findJob(deps, principal, id);
    const { 'Last-Event-ID': seen } = readHeaders(eventsHeaders, context);
    if (isFinal(job.status) && seen >= job.revision) return void (context.status = 204);
    context.set({ 'Content-Type': 'text/event-stream', 'X-Accel-Buffering': 'no' });
    keepOpen(context, deps.heartbeatMs ?? HEARTBEAT_MS);
    endWithCredential(deps, context);
    // A stream asks for the next piece only when the last one is on its way: a slow reader skips states.
    context.body = Readable.from(story({ ...deps, principal }, job, seen, departureOf(context)));
  };
}

/** Heartbeats go through an idle line, whatever the server's own limit is. A client that reads none of them is gone. */
function keepOpen(context: Context, heartbeatMs: number): void {
  context.req.socket.setTimeout(8 * heartbeatMs);
}

type StoryDeps = ApiDeps & { readonly principal: Principal };

async function* story(deps: StoryDeps, found: Job, seen: number, left: AbortSignal): AsyncGenerator<string> {
  yield retryLine(RETRY_MS);
  if (found.revision > seen) yield await eventOf(deps, found);
  for (let last = found; !isFinal(last.status);) {
    const next = await nextChange(deps, last, left);
    if (left.aborted) return;
    yield next === undefined ? commentLine() : await eventOf(deps, next);
    if (next === undefined) await checkMirror(deps, last);
    last = next ?? last;
  }
}

async function nextChange({ changes, heartbeatMs = HEARTBEAT_MS }: ApiDeps, last: Job, left: AbortSignal) {
  const isNewer = ({ revision }: Job) => revision > last.revision;
  return await changes.waitForJob(last.id, isNewer, heartbeatMs, left);
}

/** A mirror that has been silent for long is healed by the look; what it has missed comes as the next change. */
async function checkMirror(deps: StoryDeps, { id }: Job): Promise<void> {
  await findJob(deps, deps.principal, id).catch((error: unknown) => {
    if (!isStoreUnavailable(error)) throw error;
  });
}

async function eventOf(deps: ApiDeps, job: Job): Promise<string> {
  return formatEvent({ id: job.revision, event: 'job', data: JSON.stringify(await viewJob(deps, job)) });
}
