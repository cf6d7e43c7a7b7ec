import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CoreV1Api } from '@kubernetes/client-node';
import type { PresentedJob } from '../../api/present.ts';
import { enforce } from '../support/hardened-namespace.ts';
import { stackKubeConfig } from '../support/kube-config.ts';
import { aName, runJob, shellJob } from '../support/job-client.ts';
import { startOwnService } from '../support/own-service.ts';
import { startWorkerProcess } from '../support/worker-process.ts';
import { assertWorldAfter } from '../support/world.ts';

/** Far from the start deadline, which is 15 minutes. */
const SOON_MS = 60_000;

async function limitMemory(namespace: string): Promise<void> {
  const core = stackKubeConfig().makeApiClient(CoreV1Api);
  const limits = [{ type: 'Container', max: { memory: '256Mi' } }];
  await core.createNamespacedLimitRange({ namespace, body: { metadata: { name: 'small' }, spec: { limits } } });
}

async function assertRefused(job: PresentedJob, startedMs: number, message: RegExp, hint: RegExp): Promise<void> {
  assert.deepEqual(
    [job.status, job.failure?.reason, job.failure?.phase],
    ['failed', 'ConfigError', 'starting'],
    JSON.stringify(job),
  );
  assert.match(job.failure?.message ?? '', message);
  assert.match(job.failure?.hint ?? '', hint);
  assert.ok(Date.now() - startedMs < SOON_MS);
  await assertWorldAfter(job);
}

test('a pod that its namespace does not admit', { concurrency: 2 }, async (context) => {
  await startOwnService(context, async (namespace) => {
    await Promise.all([enforce(namespace, 'restricted'), limitMemory(namespace)]);
    return { JOB_SYNCHRONIZATION_INTERVAL: '2' };
  });
  await startWorkerProcess(context, { POD_SECURITY: 'baseline' });
  const startedMs = Date.now();
  await Promise.all([
    context.test('for its Pod Security fails its job soon, in the words of the cluster', async () => {
      const job = await runJob(aName('not-admitted'), shellJob('true'));
      await assertRefused(job, startedMs, /violates PodSecurity "restricted:latest".*runAsNonRoot/, /POD_SECURITY/);
    }),
    context.test('for its limits, too', async () => {
      const resources = { limits: { memory: '512Mi' } };
      const job = await runJob(aName('too-much'), shellJob('true', { resources }));
      await assertRefused(job, startedMs, /maximum memory usage per Container is 256Mi/, /limit ranges/);
    }),
  ]);
});
