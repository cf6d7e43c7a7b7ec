import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { createLogs, logsOf } from '../../../activities/logs.ts';
import { createStop, stopAndListen } from '../../../activities/stop.ts';
import { earlierLogObjectOf, logObjectOf, logPieceOf, logPiecesOf } from '../../../bucket/objects.ts';
import { ClusterRefusedError } from '../../../cluster/errors.ts';
import { createReadStampedLog } from '../../../cluster/follow-log.ts';
import { createReadLog } from '../../../cluster/logs.ts';
import { createOpenStream } from '../../../cluster/stream.ts';
import type { ContainerRole } from '../../../workflows/contract.ts';
import { anActivity } from '../../support/activity.ts';
import { deployTask, runningPodOf, testCluster, untilPodIsGone } from '../../support/cluster.ts';
import { createTestBucket } from '../../support/gcs.ts';

const GRACE_MS = 10_000;

async function testDeps(context: TestContext) {
  const world = testCluster(context);
  const readLog = createReadLog(createOpenStream(world.kubeConfig), world.namespace);
  const readStampedLog = createReadStampedLog(readLog, world.cluster);
  const { bucket } = await createTestBucket();
  return { world, deps: { cluster: world.cluster, readLog, readStampedLog, bucket } };
}

/** Runs the step that keeps the logs of a pod whose containers have ended. */
async function keep(
  { world, deps }: Awaited<ReturnType<typeof testDeps>>,
  podName: string,
  containers: readonly ContainerRole[],
  isEarlier = false,
) {
  const logs = createLogs(deps);
  return await anActivity().run(() => logs(world.ref, 'task', podName, containers, isEarlier));
}

test('a step that stopped a pod and is tried again still names the log that it kept', async (context) => {
  const { world, deps } = await testDeps(context);
  await deployTask(world, 'echo said; trap "exit 0" TERM; sleep 600 & wait');
  const podName = await runningPodOf(world);
  const step = createStop(deps);
  const stop = () => anActivity().run(() => step(world.ref, 'task', podName, ['task'], false, GRACE_MS));
  const kept = await stop();
  assert.deepEqual(kept, { task: logObjectOf(world.ref.name, 'task') });
  await untilPodIsGone(world);
  assert.deepEqual(await stop(), kept);
  assert.equal(await text(deps.bucket.read(logObjectOf(world.ref.name, 'task'))), 'said\n');
});

test('a container that does not end when it is asked to is not listened to for ever, and its log is told of', async (context) => {
  const { world, deps } = await testDeps(context);
  await deployTask(world, 'trap "" TERM; echo said; while :; do sleep 1; done');
  const podName = await runningPodOf(world);
  const startMs = Date.now();
  const source = logsOf({}, world.ref, 'task', podName, false);
  const kept = await stopAndListen(deps, world.ref, 'task', source, ['task'], 1_000);
  assert.ok(Date.now() - startMs < 10_000);
  assert.deepEqual(kept, { task: logObjectOf(world.ref.name, 'task') });
  assert.equal(await text(deps.bucket.read(logObjectOf(world.ref.name, 'task'))), 'said\n');
});

test('a log whose pod is gone is what was kept of it in pieces', async (context) => {
  const { world, deps } = await testDeps(context);
  const { prefix } = logPiecesOf(world.ref.name, 'gone');
  const pieces = ['2026-11-24T18:31:11.1Z one\n', '2026-11-24T18:31:12.1Z two\n'];
  for (const [index, piece] of pieces.entries())
    await deps.bucket.write(logPieceOf(prefix, index), Readable.from([Buffer.from(piece)]));
  const kept = await keep({ world, deps }, 'gone', ['task']);
  assert.deepEqual(kept, { task: logObjectOf(world.ref.name, 'task') });
  assert.equal(await text(deps.bucket.read(logObjectOf(world.ref.name, 'task'))), 'one\ntwo\n');
  assert.deepEqual(await deps.bucket.list(''), [logObjectOf(world.ref.name, 'task')], 'no piece is left');
});

test('a pod that is gone, and of whose log nothing was kept, has none', async (context) => {
  const { world, deps } = await testDeps(context);
  assert.deepEqual(await keep({ world, deps }, 'gone', ['input', 'task']), {});
  assert.deepEqual(await deps.bucket.list(''), []);
});

test('a log that an earlier try has kept is told of, though the node refuses it now; one that was not kept is not', async (context) => {
  const { world, deps } = await testDeps(context);
  const { name } = world.ref;
  const refusal = new ClusterRefusedError('read log', 500, { message: 'dial tcp: no route to host' }, undefined);
  const refused = { ...deps, readLog: () => Promise.reject(refusal) };
  await assert.rejects(keep({ world, deps: refused }, 'there', ['task']), refusal);
  await deps.bucket.write(logObjectOf(name, 'task'), Readable.from([Buffer.from('said\n')]));
  assert.deepEqual(await keep({ world, deps: refused }, 'there', ['task']), { task: logObjectOf(name, 'task') });
});

test('a log that was kept as that of the job becomes that of an attempt, when another one follows', async (context) => {
  const { world, deps } = await testDeps(context);
  const { name } = world.ref;
  await deps.bucket.write(logObjectOf(name, 'task'), Readable.from([Buffer.from('said\n')]));
  const object = earlierLogObjectOf(name, 'gone', 'task');
  assert.deepEqual(await keep({ world, deps }, 'gone', ['task'], true), { task: object });
  assert.deepEqual(await keep({ world, deps }, 'gone', ['task'], true), { task: object }, 'and again');
  assert.equal(await text(deps.bucket.read(object)), 'said\n');
  assert.deepEqual(await deps.bucket.list(''), [object]);
});
