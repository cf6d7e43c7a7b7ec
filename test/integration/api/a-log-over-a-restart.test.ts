import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createReadJobLog } from '../../../api/job-logs.ts';
import { createReadStampedLog } from '../../../cluster/follow-log.ts';
import { createReadLog } from '../../../cluster/logs.ts';
import { createOpenStream } from '../../../cluster/stream.ts';
import { startApi } from '../../support/api-server.ts';
import { deployTask, testCluster } from '../../support/cluster.ts';
import { aJob } from '../../support/job-builder.ts';

const LINES = 200;

/** Reads a log until it has `minBytes`, and then hangs up. */
async function readSome(url: string, minBytes: number): Promise<string> {
  const hangUp = new AbortController();
  const response = await fetch(url, { signal: hangUp.signal });
  let text = '';
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    text += Buffer.from(chunk).toString();
    if (text.length >= minBytes) break;
  }
  hangUp.abort();
  return text;
}

test('a client that follows a log goes on with another API process where the first one left it', async (context) => {
  const cluster = testCluster(context);
  const readLog = createReadLog(createOpenStream(cluster.kubeConfig), cluster.namespace);
  const readStampedLog = createReadStampedLog(readLog, cluster.cluster);
  const unasked = () => assert.fail('a short log has no pieces');
  const bucket = { stat: () => Promise.resolve(undefined), list: unasked, read: unasked };
  const sources = { cluster: cluster.cluster, readLog, readStampedLog, bucket };
  const { name } = cluster.ref;
  const running = aJob({ ...cluster.ref, created: Date.now(), status: 'running', phase: 'running', revision: 2 });
  const startOne = async () => {
    const api = await startApi(context, { readLog: createReadJobLog(sources) });
    await api.store.record(running);
    return `${api.url}/batch/${name}/logs?follow=true`;
  };
  await deployTask(cluster, `i=0; while [ $i -lt ${LINES} ]; do echo line $i; i=$((i + 1)); usleep 30000; done`);
  while ((await cluster.cluster.listPods(cluster.ref))[0]?.status?.phase !== 'Running') {
    await new Promise((resolve) => setTimeout(resolve, 100));
  }

  const first = await readSome(await startOne(), 300);
  const rest = await (await fetch(`${await startOne()}&offset=${first.length}`)).text();
  assert.equal(first + rest, Array.from({ length: LINES }, (_, index) => `line ${index}\n`).join(''));
});
