import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createDeployments } from '../../../worker/versioning.ts';

const VERSION = { deploymentName: 'ours', buildId: 'v2' };
const REFUSAL = 'is missing active task queues from the current version';

/** Temporal, which has met one of the worker's queues, and refuses as often as is said. */
function refusing(times: number) {
  const calls = { promotions: 0 };
  const versionSummaries = [{ deploymentVersion: VERSION, status: 1 }];
  const service = {
    describeWorkerDeployment: () => Promise.resolve({ workerDeploymentInfo: { versionSummaries } }),
    setWorkerDeploymentCurrentVersion: () => {
      calls.promotions += 1;
      const refusal = Object.assign(new Error(REFUSAL), { code: 9, details: REFUSAL, metadata: {} });
      return calls.promotions <= times ? Promise.reject(refusal) : Promise.resolve({});
    },
  };
  const deployments = createDeployments(service as unknown as Parameters<typeof createDeployments>[0], 'default');
  return { calls, deployments };
}

test('a version whose worker has not asked at all of its queues yet is made current when it has', async (context) => {
  const { calls, deployments } = refusing(2);
  await deployments.promote(VERSION, context.signal);
  assert.equal(calls.promotions, 3);
});

test('a version that stays refused is told with what Temporal has against it', async () => {
  const { deployments } = refusing(Infinity);
  await assert.rejects(deployments.promote(VERSION, AbortSignal.timeout(600)), { message: REFUSAL });
});
