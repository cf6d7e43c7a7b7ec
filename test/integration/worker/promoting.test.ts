import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { TestContext } from 'node:test';
import { describe, test } from 'node:test';
import { Worker } from '@temporalio/worker';
import type { NativeConnection } from '@temporalio/worker';
import type { WorkerVersion } from '../../../config.ts';
import { createDeployments, versioningOptions } from '../../../worker/versioning.ts';
import type { Deployments } from '../../../worker/versioning.ts';
import { stackEnvironment } from '../../support/temporal-environment.ts';
import { workflowBundleOnce } from '../../support/temporal-worker.ts';

const namespace = 'default';

/** Workers of a deployment that no other test has ask for work until the test ends, one of each build id. */
async function startDeployment(context: TestContext, ...buildIds: readonly string[]) {
  const deploymentName = `test-${randomUUID()}`;
  const { client, nativeConnection } = await stackEnvironment();
  const versions = buildIds.map((buildId): WorkerVersion => ({ deploymentName, buildId }));
  const workers = await Promise.all(versions.map((version) => aWorker(nativeConnection, version)));
  const running = workers.map((worker) => worker.run());
  context.after(async () => {
    workers.forEach((worker) => worker.shutdown());
    await Promise.all(running);
  });
  const { workflowService } = client;
  return { workflowService, versions, deployments: createDeployments(workflowService, namespace) };
}

async function aWorker(connection: NativeConnection, version: WorkerVersion): Promise<Worker> {
  const workflowBundle = await workflowBundleOnce();
  const taskQueue = version.deploymentName;
  return await Worker.create({ connection, namespace, taskQueue, workflowBundle, ...versioningOptions(version) });
}

async function currentOf(deployments: Deployments, version: WorkerVersion, signal: AbortSignal): Promise<string[]> {
  const listed = await deployments.list(version, signal);
  return listed.filter(({ status }) => status === 'current').map(({ buildId }) => buildId);
}

describe('the first version of a deployment', () => {
  test('is made current, and one alone when two start together', async (context) => {
    const { deployments, versions } = await startDeployment(context, 'a', 'b');
    const told = await Promise.all(versions.map((version) => deployments.promoteFirst(version, context.signal)));
    assert.equal(told[0], told[1]);
    for (const version of versions) assert.deepEqual(await currentOf(deployments, version, context.signal), [told[0]]);
  });

  test('stays current when a later one starts', async (context) => {
    const { deployments, versions } = await startDeployment(context, 'a', 'b');
    const [first, later] = versions as [WorkerVersion, WorkerVersion];
    assert.equal(await deployments.promoteFirst(first, context.signal), 'a');
    assert.equal(await deployments.promoteFirst(later, context.signal), 'a');
    await deployments.promote(later, context.signal);
    assert.equal(await deployments.promoteFirst(first, context.signal), 'b');
    assert.deepEqual(await currentOf(deployments, first, context.signal), ['b']);
  });

  test('does not become current again after somebody has chosen workers without a version', async (context) => {
    const { deployments, versions, workflowService } = await startDeployment(context, 'a');
    const [version] = versions as [WorkerVersion];
    await deployments.promoteFirst(version, context.signal);
    await workflowService.setWorkerDeploymentCurrentVersion({ namespace, deploymentName: version.deploymentName });
    assert.equal(await deployments.promoteFirst(version, context.signal), undefined);
    assert.deepEqual(await currentOf(deployments, version, context.signal), []);
  });
});
