import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { test } from 'node:test';
import { createCluster } from '../../../cluster/client.ts';
import { createReadStampedLog } from '../../../cluster/follow-log.ts';
import { createReadLog } from '../../../cluster/logs.ts';
import { unstamp } from '../../../cluster/stamped-log.ts';
import { createOpenStream } from '../../../cluster/stream.ts';
import { deployTask, portOf, runningPodOf, testCluster, through } from '../../support/cluster.ts';
import { createProxy } from '../../support/proxy.ts';

test('a log that is followed over broken connections comes whole, and each line once', async (context) => {
  const cluster = testCluster(context);
  const proxy = await createProxy(context, portOf(cluster.kubeConfig));
  const byProxy = through(cluster.kubeConfig, proxy.port);
  const readLog = createReadLog(createOpenStream(byProxy), cluster.namespace);
  const readStampedLog = createReadStampedLog(readLog, createCluster(byProxy, cluster.namespace));
  await deployTask(cluster, 'i=0; while [ $i -lt 300 ]; do echo line $i; i=$((i + 1)); usleep 40000; done');
  const podName = await runningPodOf(cluster);

  let log = '';
  let cuts = 0;
  for await (const piece of await readStampedLog({ podName, container: 'task', follow: true })) {
    log += unstamp(piece).toString();
    if (log.split('\n').length < (cuts + 1) * 80) continue;
    cuts += 1;
    proxy.close();
    await sleep(500);
    proxy.open();
  }
  assert.equal(cuts, 3);
  assert.equal(log, Array.from({ length: 300 }, (_, index) => `line ${index}\n`).join(''));
});
