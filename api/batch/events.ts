import type { Context } from 'koa';
import { isStoreUnavailable } from '../../store/errors.ts';
import { isFinal } from '../../workflows/contract.ts';
import type { Job } from '../../workflows/contract.ts';
import { principalOf } from '../auth/principal.ts';
import type { Principal } from '../auth/principal.ts';
import type { ApiDeps } from '../deps.ts';
import { commentLine, formatEvent } from '../event-stream.ts';
import { eventsHeaders, readHeaders } from '../schemas/headers.ts';
import { requestAbortSignal } from '../request-abort-signal.ts';
import { findJob } from './find.ts';
import { HEARTBEAT_MS, streamEvents } from './stream-events.ts';
import { viewJob } from './view.ts';

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
    streamEvents(deps, context, story({ ...deps, principal }, job, seen, requestAbortSignal(context)));
  };
}

type StoryDeps = ApiDeps & { readonly principal: Principal };

async function* story(deps: StoryDeps, found: Job, seen: number, left: AbortSignal): AsyncGenerator<string> {
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
  return await changes.waitForJob(last.id, isNewer, { timeoutMs: heartbeatMs, signal: left });
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
