import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { keepEach, logsOf } from '../../../activities/logs.ts';
import { stopAndListen } from '../../../activities/stop.ts';
import { earlierLogObjectOf, logObjectOf, logPieceOf, logPiecesOf } from '../../../bucket/objects.ts';
import { ClusterRefusedError } from '../../../cluster/errors.ts';
import { createReadStampedLog } from '../../../cluster/follow-log.ts';
import { createReadLog } from '../../../cluster/logs.ts';
import { createOpenStream } from '../../../cluster/stream.ts';
import { deployTask, runningPodOf, testCluster, untilPodIsGone } from '../../support/cluster.ts';
import { createTestBucket } from '../../support/gcs.ts';

async function testDeps(context: TestContext) {
  const world = testCluster(context);
  const readLog = createReadLog(createOpenStream(world.kubeConfig), world.namespace);
  const readStampedLog = createReadStampedLog(readLog, world.cluster);
  const { bucket } = await createTestBucket();
  const deps = { cluster: world.cluster, readLog, readStampedLog, bucket };
  return { world, deps, source: (podName: string) => logsOf({}, world.ref, 'task', podName, false) };
}

test('a step that stopped a pod and is tried again still names the log that it kept', async (context) => {
  const { world, deps, source } = await testDeps(context);
  await deployTask(world, 'echo said; trap "exit 0" TERM; sleep 600 & wait');
  const podName = await runningPodOf(world);
  const stop = () => stopAndListen(deps, world.ref, 'task', source(podName), ['task'], 20_000);
  const kept = await stop();
  assert.deepEqual(kept, { task: logObjectOf(world.ref.name, 'task') });
  await untilPodIsGone(world);
  assert.deepEqual(await stop(), kept);
  assert.equal(await text(deps.bucket.read(logObjectOf(world.ref.name, 'task'))), 'said\n');
});

test('a container that does not end when it is asked to is not listened to for ever, and its log is told of', async (context) => {
  const { world, deps, source } = await testDeps(context);
  await deployTask(world, 'trap "" TERM; echo said; while :; do sleep 1; done');
  const podName = await runningPodOf(world);
  const startMs = Date.now();
  const kept = await stopAndListen(deps, world.ref, 'task', source(podName), ['task'], 1_000);
  assert.ok(Date.now() - startMs < 10_000);
  assert.deepEqual(kept, { task: logObjectOf(world.ref.name, 'task') });
  assert.equal(await text(deps.bucket.read(logObjectOf(world.ref.name, 'task'))), 'said\n');
});

test('a log whose pod is gone is what was kept of it in pieces', async (context) => {
  const { world, deps, source } = await testDeps(context);
  const { prefix } = logPiecesOf(world.ref.name, 'gone');
  const pieces = ['2026-11-24T18:31:11.1Z one\n', '2026-11-24T18:31:12.1Z two\n'];
  for (const [index, piece] of pieces.entries())
    await deps.bucket.write(logPieceOf(prefix, index), Readable.from([Buffer.from(piece)]));
  const kept = await keepEach(deps, source('gone'), ['task'], true);
  assert.deepEqual(kept, { task: logObjectOf(world.ref.name, 'task') });
  assert.equal(await text(deps.bucket.read(logObjectOf(world.ref.name, 'task'))), 'one\ntwo\n');
  assert.deepEqual(await deps.bucket.list(''), [logObjectOf(world.ref.name, 'task')], 'no piece is left');
});

test('a pod that is gone, and of whose log nothing was kept, has none', async (context) => {
  const { deps, source } = await testDeps(context);
  assert.deepEqual(await keepEach(deps, source('gone'), ['input', 'task'], true), {});
  assert.deepEqual(await deps.bucket.list(''), []);
});

test('a log that an earlier try has kept is told of, though the node refuses it now; one that was not kept is not', async (context) => {
  const { world, deps, source } = await testDeps(context);
  const { name } = world.ref;
  const refusal = new ClusterRefusedError('read log', 500, { message: 'dial tcp: no route to host' }, undefined);
  const refused = { ...deps, readLog: () => Promise.reject(refusal) };
  await assert.rejects(keepEach(refused, source('there'), ['task'], true), refusal);
  await deps.bucket.write(logObjectOf(name, 'task'), Readable.from([Buffer.from('said\n')]));
  assert.deepEqual(await keepEach(refused, source('there'), ['task'], true), { task: logObjectOf(name, 'task') });
});

test('a log that was kept as that of the job becomes that of an attempt, when another one follows', async (context) => {
  const { world, deps, source } = await testDeps(context);
  const { name } = world.ref;
  await deps.bucket.write(logObjectOf(name, 'task'), Readable.from([Buffer.from('said\n')]));
  const earlier = { ...source('gone'), isEarlier: true };
  const object = earlierLogObjectOf(name, 'gone', 'task');
  assert.deepEqual(await keepEach(deps, earlier, ['task'], true), { task: object });
  assert.deepEqual(await keepEach(deps, earlier, ['task'], true), { task: object }, 'and again');
  assert.equal(await text(deps.bucket.read(object)), 'said\n');
  assert.deepEqual(await deps.bucket.list(''), [object]);
});
