import { setTimeout as delay } from 'node:timers/promises';
import type { Context } from 'koa';
import type { JobSelection } from '../../store/selection.ts';
import type { JobPage } from '../../store/store.ts';
import type { Job } from '../../workflows/contract.ts';
import { formatCursor } from '../cursor.ts';
import type { ApiDeps } from '../deps.ts';
import { commentLine, formatEvent } from '../event-stream.ts';
import { requestAbortSignal } from '../request-abort-signal.ts';
import { HEARTBEAT_MS, streamEvents } from './stream-events.ts';
import { viewJob } from './view.ts';

/** However many jobs change, a list is not looked at more often. */
const REST_MS = 500;

/** Answers with the page that is selected, and with the page as it is after each change. Without a selection it stays empty. */
export function streamList(deps: ApiDeps, context: Context, selection: JobSelection | undefined): void {
  streamEvents(deps, context, pages(deps, selection, requestAbortSignal(context)));
}

async function* pages(deps: ApiDeps, selection: JobSelection | undefined, left: AbortSignal): AsyncGenerator<string> {
  const { changes, heartbeatMs = HEARTBEAT_MS } = deps;
  let [told, toldMs]: [string | undefined, number] = [undefined, 0];
  while (!left.aborted) {
    const page = await pageOf(deps, selection);
    const found = versionOf(page);
    const isOver = performance.now() - toldMs > heartbeatMs;
    if (found !== told || isOver) {
      yield found === told ? commentLine() : await eventOf(deps, page);
      [told, toldMs] = [found, performance.now()];
    }
    await changes.waitForAny(left);
    await delay(REST_MS, undefined, { signal: left }).catch(() => undefined);
  }
}

/** Two pages of one version show the same, but for addresses that are signed anew each time. */
function versionOf({ jobs }: JobPage): string {
  return jobs.map(({ id, revision }) => `${id} ${revision}`).join();
}

async function eventOf(deps: ApiDeps, page: JobPage): Promise<string> {
  const jobs = await Promise.all(page.jobs.map((job) => viewJob(deps, job)));
  const last = lastOfFull(page);
  const data = { jobs, ...(last !== undefined && { next_cursor: formatCursor(last) }) };
  return formatEvent({ event: 'jobs', data: JSON.stringify(data) });
}

/** The jobs that are selected; none without a selection. */
export async function pageOf({ store }: ApiDeps, selection: JobSelection | undefined): Promise<JobPage> {
  return selection === undefined ? { jobs: [], isFull: false } : await store.listPage(selection);
}

/** Behind which there may be more; undefined on a page that is not full. */
export function lastOfFull({ jobs, isFull }: JobPage): Job | undefined {
  return isFull ? jobs.at(-1) : undefined;
}
