import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import type { WorkflowClient } from '@temporalio/client';
import { Registry } from 'prom-client';
import { pino } from 'pino';
import type { ActivityDeps } from '../../../activities/deps.ts';
import { createReadStampedLog } from '../../../cluster/follow-log.ts';
import { createReadLog } from '../../../cluster/logs.ts';
import { createOpenStream } from '../../../cluster/stream.ts';
import { createClusterWatch, createWatchRecorder } from '../../../worker/watching.ts';
import type { Observation } from '../../../workflows/observation.ts';
import { deployTask, testCluster } from '../../support/cluster.ts';
import type { TestCluster } from '../../support/cluster.ts';
import { createTestBucket } from '../../support/gcs.ts';
import { until } from '../../support/watching.ts';

/** A worker that watches, in a namespace of workflows that keep what they are told of the test's own job. */
async function aWorker(context: TestContext, { kubeConfig, namespace, cluster, ref }: TestCluster, instance = 'ours') {
  const heard: string[] = [];
  const signal =
    (id: string) =>
    (_name: string, { stage }: Observation) => {
      // A scheduler that is quicker than the claim's volume is in trouble for a moment, or not.
      if (id.endsWith(`/${ref.name}`) && stage !== 'pending') heard.push(stage);
      return Promise.resolve();
    };
  const workflows = { getHandle: (id: string) => ({ signal: signal(id) }) } as unknown as WorkflowClient;
  const openStream = createOpenStream(kubeConfig);
  const readStampedLog = createReadStampedLog(createReadLog(openStream, namespace), cluster);
  const { bucket } = await createTestBucket();
  const deps = { cluster, readStampedLog, bucket, instance } as ActivityDeps;
  const recorder = createWatchRecorder(new Registry());
  const logger = pino({ level: 'silent' });
  const clusterWatch = createClusterWatch({ kubeConfig, openStream, namespace, workflows, deps, logger, recorder });
  const stop = new AbortController();
  const running = clusterWatch.run(stop.signal);
  const end = async () => {
    stop.abort();
    await running;
  };
  context.after(end);
  const shown = () => clusterWatch.watches.shows(ref, 'task')?.stage;
  const leads = () => recorder.state().leadership.leader === 'self';
  return { heard, end, shown, leads, areTold: () => clusterWatch.watches.areTold() };
}

test('each worker knows of all jobs, and one tells of them: the next one tells all that it has seen', async (context) => {
  const cluster = testCluster(context);
  const first = await aWorker(context, cluster);
  await until('the first one leads', first.leads);
  const second = await aWorker(context, cluster);
  await until('the second one knows who leads', second.areTold);
  await deployTask(cluster, 'sleep 600');
  await until('both see the task run', () => [first, second].every(({ shown }) => shown() === 'running'));
  await until('its workflow has been told', () => first.heard.includes('running'));
  assert.deepEqual([second.heard, second.leads()], [[], false]);
  await first.end();
  await until('the second one leads', second.leads);
  await until('its workflow is told again', () => second.heard.includes('running'));
  assert.deepEqual(first.heard, ['running']);
});

test('who leads for another deployment tells the workflows of this one nothing', async (context) => {
  const cluster = testCluster(context);
  const others = await aWorker(context, cluster, 'others');
  await until('another deployment leads', others.leads);
  const ours = await aWorker(context, cluster);
  await deployTask(cluster, 'sleep 600');
  await until('we see the task run', () => ours.shown() === 'running');
  assert.equal(ours.areTold(), false);
  await others.end();
  await until('we lead', ours.leads);
  assert.equal(ours.areTold(), true);
});
