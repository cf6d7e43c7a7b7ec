import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { test } from 'node:test';
import { createDeployments } from '../../worker/versioning.ts';
import { alteredCheckout } from '../support/altered-checkout.ts';
import { openGate, runGated } from '../support/gated-job.ts';
import { aName, runJob, shellJob, untilEnded } from '../support/job-client.ts';
import { startOwnService } from '../support/own-service.ts';
import { runWorkerCommand, startWorkerProcess } from '../support/worker-process.ts';
import { workersOf } from '../support/workers-of-a-job.ts';
import { assertWorldAfter } from '../support/world.ts';

const SHORT = shellJob('echo done > /output/done');
const deploymentName = 'kubernetes-task-runner';

test('two versions run side by side: jobs end on the one that began them, and none fails', async (context) => {
  const { client, workflowOf } = await startOwnService(context);
  // Nobody promotes the first version of a deployment.
  const old = await startWorkerProcess(context, { WORKER_BUILD_ID: 'v1' });
  const begun = await Promise.all(['a', 'b'].map((letter) => runGated(aName(`begun-${letter}`))));
  const next = await startWorkerProcess(context, { WORKER_BUILD_ID: 'v2' }, await alteredCheckout(context));
  const between = await runJob(aName('between'), SHORT);

  const { code, said } = await runWorkerCommand('promote-worker', { WORKER_BUILD_ID: 'v2' });
  assert.equal(code, 0);
  assert.match(said, /^current +v2$/m);
  const later = await Promise.all(['a', 'b'].map((letter) => runJob(aName(`later-${letter}`), SHORT)));
  await Promise.all(begun.map(openGate));
  const ended = await Promise.all(begun.map(({ id }) => untilEnded(id)));

  for (const [jobs, buildId, pid] of [
    [[...ended, between], 'v1', old.pid],
    [later, 'v2', next.pid],
  ] as const) {
    for (const job of jobs) {
      assert.equal(job.status, 'succeeded', JSON.stringify(job));
      assert.deepEqual(await workersOf(workflowOf(job)), { buildIds: [buildId], activityPids: [pid] }, job.name);
      await assertWorldAfter(job);
    }
  }

  const deployments = createDeployments(client.workflowService, client.options.namespace);
  const version = { deploymentName, buildId: 'v1' };
  const statusOfOld = async () =>
    (await deployments.list(version, context.signal)).find(({ buildId }) => buildId === 'v1')?.status;
  while ((await statusOfOld()) !== 'drained') await delay(250);
  const { code: exitCode, durationMs } = await old.stop();
  assert.equal(exitCode, 0);
  assert.ok(durationMs < 20_000, `${durationMs} ms`);
  assert.equal((await runJob(aName('after'), SHORT)).status, 'succeeded');
});
