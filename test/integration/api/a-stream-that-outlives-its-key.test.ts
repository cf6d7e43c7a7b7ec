import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import { REMEMBERED_MS } from '../../../api/auth/keys.ts';
import { startGuardedApi } from '../../support/guarded-api.ts';
import type { Client, GuardedApi } from '../../support/guarded-api.ts';
import { aJob } from '../../support/job-builder.ts';

const HEARTBEAT_MS = 200;

/** Reads a stream to its end; how long that took, in milliseconds. */
async function untilCut({ url }: GuardedApi, { headers }: Client, path: string): Promise<() => Promise<number>> {
  const response = await fetch(url + path, { headers, signal: AbortSignal.timeout(20_000) });
  assert.equal(response.status, 200);
  const startedMs = performance.now();
  const read = response.text().catch((error: unknown) => {
    assert.equal((error as Error).name, 'TypeError', 'the line was cut, not left by us');
  });
  return () => read.then(() => performance.now() - startedMs);
}

test('events and a log that is followed are cut when their key is revoked, and go on for others', async (context) => {
  const readLog = () => Promise.resolve(new PassThrough().on('error', () => undefined));
  const api = await startGuardedApi(context, { heartbeatMs: HEARTBEAT_MS, readLog });
  const job = aJob({ owner: 'alice', status: 'running', phase: 'running' });
  await api.store.record(job);
  const [revoked, other] = [await api.as('alice', 'read'), await api.as('alice', 'read')];
  const paths = [`/batch/${job.id}/events`, `/batch/${job.id}/logs?follow`];
  const streams = await Promise.all(paths.map((path) => untilCut(api, revoked, path)));
  let hasOtherEnded = false;
  void untilCut(api, other, paths[0] ?? '').then(async (end) => {
    await end().catch(() => undefined);
    hasOtherEnded = true;
  });
  await api.store.keys.revoke(revoked.keyId, Date.now());
  for (const end of streams) assert.ok((await end()) < REMEMBERED_MS + 10 * HEARTBEAT_MS);
  assert.equal(hasOtherEnded, false);
});
