import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { test } from 'node:test';
import { WATCH_LIMITS } from '../../../cluster/watch.ts';
import type { Interruption } from '../../../cluster/watch.ts';
import { deployTask, testCluster } from '../../support/cluster.ts';
import { until, watch } from '../../support/watching.ts';

test('a watch on which nothing happens lives on by bookmarks alone, and tells the next end at once', async (context) => {
  const cluster = testCluster(context);
  const interruptions: Interruption[] = [];
  let opened = 0;
  const monitor = {
    onOpen: () => (opened += 1),
    onBytes: () => {},
    onClose: () => {},
    onInterrupted: (_kind: unknown, reason: Interruption) => interruptions.push(reason),
    onSynced: () => {},
  };
  const { watcher, stages } = watch(context, cluster, cluster.kubeConfig, { monitor, limits: WATCH_LIMITS });
  await until('the watcher is synced', () => watcher.isSynced());
  await sleep(WATCH_LIMITS.silenceMs + 10_000);
  assert.deepEqual([watcher.isSynced(), opened, interruptions], [true, 2, []]);
  await deployTask(cluster, 'exit 0');
  await until('the job has succeeded', () => stages.includes('succeeded'));
  assert.deepEqual([opened, interruptions], [2, []]);
});
