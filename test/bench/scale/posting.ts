import { setTimeout as sleep } from 'node:timers/promises';
import { Agent, fetch } from 'undici';
import type { Response } from 'undici';
import { required } from '../../support/environment.ts';
import { inTurns } from '../turns.ts';

/** More than one owner may have open at one time, so that some are refused. */
const CONCURRENCY = 120;

/** A job that was accepted, and when its client sent it and heard so. */
export interface Accepted {
  readonly id: string;
  readonly owner: string;
  readonly sentMs: number;
  readonly answeredMs: number;
}

/** What came of a burst so far. */
export interface Burst {
  readonly accepted: Accepted[];
  /** Answers of 429, after each of which the client sent its job again when it was told to. */
  refusals: number;
  /** All other answers. */
  readonly others: string[];
}

/** Sends jobs of one owner as fast as they are taken, and each again until it is. */
export async function postAll(burst: Burst, owner: string, key: string, jobs: number): Promise<void> {
  const dispatcher = new Agent({ connections: CONCURRENCY });
  const body = JSON.stringify({ job_parameters: { docker_image: 'task', labels: { pace: 'quick' } } });
  const headers = { prefer: 'respond-async', 'content-type': 'application/json', authorization: `Bearer ${key}` };
  const post = async () => {
    for (;;) {
      const sentMs = performance.now();
      const answer = await fetch(`${required('API_URL')}/batch/`, { method: 'POST', headers, body, dispatcher });
      const text = await answer.text();
      if (answer.status !== 429) return note(burst, answer, text, { owner, sentMs, answeredMs: performance.now() });
      burst.refusals += 1;
      await sleep(Number(answer.headers.get('retry-after') ?? 1) * 1000);
    }
  };
  const postOrNote = () => post().catch((error: unknown) => void burst.others.push(String(error)));
  await inTurns(Array.from({ length: jobs }), CONCURRENCY, postOrNote);
  await dispatcher.close();
}

function note(burst: Burst, { ok, status }: Response, text: string, times: Omit<Accepted, 'id'>): void {
  if (!ok) return void burst.others.push(`${status}: ${text}`);
  burst.accepted.push({ id: (JSON.parse(text) as { data: { id: string } }).data.id, ...times });
}
