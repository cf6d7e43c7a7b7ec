import assert from 'node:assert/strict';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { keepEach, logsOf } from '../../../activities/logs.ts';
import { logObjectOf } from '../../../bucket/objects.ts';
import type { ContainerRole } from '../../../workflows/contract.ts';
import { createTestBucket } from '../../support/gcs.ts';
import { aRequest } from '../../support/objects.ts';

test('a log that the watches know is kept, and no node is asked for it', async () => {
  const { bucket } = await createTestBucket();
  const ask = () => Promise.reject(new Error('the node was asked'));
  const logs: Partial<Record<ContainerRole, string>> = { input: 'fetched\n', cleanup: '' };
  const watches = {
    shows: () => undefined,
    areTold: () => true,
    transferLogOf: (...[, , , container]: [unknown, unknown, string, ContainerRole]) => logs[container],
  };
  const ref = aRequest();
  const deps = { bucket, watches, readLog: ask, readStampedLog: ask };
  const source = logsOf(deps, ref, 'task', 'the-pod', false);
  const [input, cleanup] = [logObjectOf(ref.name, 'input'), logObjectOf(ref.name, 'cleanup')];
  assert.deepEqual(await keepEach(deps, source, ['input', 'cleanup'], true), { input, cleanup });
  assert.equal(await text(bucket.read(input)), 'fetched\n');
  assert.equal(await text(bucket.read(cleanup)), '');
  await assert.rejects(keepEach(deps, source, ['task'], true), /the node was asked/);
});
