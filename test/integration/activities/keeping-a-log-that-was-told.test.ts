import assert from 'node:assert/strict';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { createLogs } from '../../../activities/logs.ts';
import { logObjectOf } from '../../../bucket/objects.ts';
import type { ContainerRole } from '../../../workflows/contract.ts';
import { anActivity } from '../../support/activity.ts';
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
  const logsOfPod = createLogs(deps);
  const keep = (...containers: ContainerRole[]) =>
    anActivity().run(() => logsOfPod(ref, 'task', 'the-pod', containers));
  const [input, cleanup] = [logObjectOf(ref.name, 'input'), logObjectOf(ref.name, 'cleanup')];
  assert.deepEqual(await keep('input', 'cleanup'), { input, cleanup });
  assert.equal(await text(bucket.read(input)), 'fetched\n');
  assert.equal(await text(bucket.read(cleanup)), '');
  await assert.rejects(keep('task'), /the node was asked/);
});
