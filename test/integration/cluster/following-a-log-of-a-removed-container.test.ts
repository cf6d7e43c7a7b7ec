import assert from 'node:assert/strict';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { askForDeletion } from '../../../activities/delete.ts';
import { createReadStampedLog } from '../../../cluster/follow-log.ts';
import { createReadLog } from '../../../cluster/logs.ts';
import { createOpenStream } from '../../../cluster/stream.ts';
import { deployTask, runningPodOf, testCluster, untilPodIsGone } from '../../support/cluster.ts';

/** More than what sockets hold between the node and us, and less than what a node rotates away. */
const SIZE_BYTES = 8_000_000;

/** Words of the node: the container or its folder was removed first. */
const REMOVED =
  /\nready\nlast\n(rpc error: code = NotFound .*: not found|failed to watch directory .*: no such file or directory)$/;

/** How often it is tried: sockets may hold all of a log, and then the node has nothing to say. */
const MAX_PODS = 5;

/** Both logs of a pod, from a node that could not read on until the container was gone. */
async function logsOfRemoved(context: TestContext): Promise<readonly [string, string]> {
  const world = testCluster(context);
  const many = `yes "$(printf %999s x)" | head -c ${SIZE_BYTES}`;
  await deployTask(world, `trap "echo last; exit 1" TERM; ${many}; echo ready; sleep 600 & wait`);
  const podName = await runningPodOf(world);
  const readLog = createReadLog(createOpenStream(world.kubeConfig), world.namespace);
  for await (const piece of await readLog(podName, 'task', { follow: true, tailLines: 1 }))
    if (String(piece).includes('ready')) break;

  // Who does not read keeps the node from reading on, until the container is gone.
  const raw = await readLog(podName, 'task', { follow: true });
  const readStampedLog = createReadStampedLog(readLog, world.cluster);
  const stamped = await readStampedLog({ podName, container: 'task', follow: true });
  await askForDeletion(world.cluster, await world.cluster.listObjects(world.ref, 'task'));
  await untilPodIsGone(world);
  return await Promise.all([text(raw), text(stamped)]);
}

test('what the node says of a container that it has removed meanwhile is not in the log', async (context) => {
  let all = '';
  for (let pods = 0; pods < MAX_PODS && !REMOVED.test(all.slice(-500)); pods++) {
    const [raw, own] = await logsOfRemoved(context);
    all = raw;
    assert.match(own.slice(-500), /Z ready\n[0-9T:.-]+Z last\n$/);
  }
  assert.match(all.slice(-500), REMOVED);
});
