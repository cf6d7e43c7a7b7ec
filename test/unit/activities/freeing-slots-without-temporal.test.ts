import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import type { LogEntry } from '@temporalio/worker';
import type { ActivityDeps } from '../../../activities/deps.ts';
import { freeSlots } from '../../../activities/slots.ts';

test('a Temporal server that does not answer is logged, and hinders nothing else', async () => {
  const error = new Error('Temporal is away');
  const getHandle = () => ({ query: () => Promise.reject(error) });
  const deps = { workflows: { getHandle }, store: {}, inFlight: { all: 1 } } as unknown as ActivityDeps;
  const entries: LogEntry[] = [];
  const logger = new DefaultLogger('WARN', (entry) => void entries.push(entry));
  assert.equal(await new MockActivityEnvironment({}, { logger }).run(freeSlots, deps), undefined);
  const [warning, ...more] = entries;
  assert.deepEqual([warning?.level, more], ['WARN', []]);
  assert.equal((warning?.meta as { error?: unknown } | undefined)?.error, error);
});
