import { heartbeat } from '@temporalio/activity';

const HEARTBEAT_INTERVAL_MS = 5_000;

/** Tells the server that the worker lives, for as long as `work` takes. */
export async function heartbeating<T>(work: Promise<T>): Promise<T> {
  const timer = setInterval(() => heartbeat(), HEARTBEAT_INTERVAL_MS);
  try {
    return await work;
  } finally {
    clearInterval(timer);
  }
}
