import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { test } from 'node:test';
import { createOpenStream } from '../../../cluster/stream.ts';
import { testCluster } from '../../support/cluster.ts';

test('a stream that is opened, never read and then given up harms nobody', async (context) => {
  const { kubeConfig, namespace } = testCluster(context);
  const leaving = new AbortController();
  const path = `/api/v1/namespaces/${namespace}/pods`;
  const stream = await createOpenStream(kubeConfig)(path, { watch: 'true' }, leaving.signal);
  leaving.abort();
  // An error that nobody listens to would end the process here.
  await sleep(200);
  assert.equal(stream.destroyed, true);
});
