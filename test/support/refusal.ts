import { setTimeout as sleep } from 'node:timers/promises';

const LIMIT_MS = 60_000;

/**
 * Waits until the API server refuses `attempt`, a dry run: it takes a moment until it knows a quota or a policy that it has just been
 * given.
 */
export async function untilRefused(attempt: () => Promise<unknown>): Promise<void> {
  const isRefused = () =>
    attempt().then(
      () => false,
      () => true,
    );
  for (const endMs = Date.now() + LIMIT_MS; !(await isRefused()); await sleep(200)) {
    if (Date.now() > endMs) throw new Error('the API server refuses nothing');
  }
}
