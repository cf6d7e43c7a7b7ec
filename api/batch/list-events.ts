import { setTimeout as delay } from 'node:timers/promises';
import type { Context } from 'koa';
import type { JobSelection } from '../../store/selection.ts';
import type { Job } from '../../workflows/contract.ts';
import { formatCursor } from '../cursor.ts';
import type { ApiDeps } from '../deps.ts';
import { commentLine, formatEvent } from '../event-stream.ts';
import { departureOf } from './departure.ts';
import { HEARTBEAT_MS, streamEvents } from './stream-events.ts';
import { viewJob } from './view.ts';

/** However many jobs change, a list is not looked at more often. */
const REST_MS = 500;

/** Answers with the page that is selected, and with the page as it is after each change. Without a selection it stays empty. */
export function streamList(deps: ApiDeps, context: Context, selection: JobSelection | undefined): void {
  streamEvents(deps, context, pages(deps, selection, departureOf(context)));
}

async function* pages(deps: ApiDeps, selection: JobSelection | undefined, left: AbortSignal): AsyncGenerator<string> {
  const { changes, heartbeatMs = HEARTBEAT_MS } = deps;
  let [told, toldMs]: [string | undefined, number] = [undefined, 0];
  while (!left.aborted) {
    const jobs = selection === undefined ? [] : await deps.store.list(selection);
    const found = versionOf(jobs);
    const isOver = performance.now() - toldMs > heartbeatMs;
    if (found !== told || isOver) {
      yield found === told ? commentLine() : await eventOf(deps, selection, jobs);
      [told, toldMs] = [found, performance.now()];
    }
    await changes.waitForAny(left);
    await delay(REST_MS, undefined, { signal: left }).catch(() => undefined);
  }
}

/** Two pages of one version show the same, but for addresses that are signed anew each time. */
function versionOf(jobs: readonly Job[]): string {
  return jobs.map(({ id, revision }) => `${id} ${revision}`).join();
}

async function eventOf(deps: ApiDeps, selection: JobSelection | undefined, jobs: readonly Job[]): Promise<string> {
  const shown = await Promise.all(jobs.map((job) => viewJob(deps, job)));
  const last = lastOfFullPage(selection, jobs);
  const page = { jobs: shown, ...(last !== undefined && { next_cursor: formatCursor(last) }) };
  return formatEvent({ event: 'jobs', data: JSON.stringify(page) });
}

/** Behind which there may be more; undefined on a page that is not full. */
export function lastOfFullPage(selection: JobSelection | undefined, jobs: readonly Job[]): Job | undefined {
  return jobs.length === selection?.limit ? jobs.at(-1) : undefined;
}
