import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openGate, runGated } from '../support/gated-job.ts';
import { aName, runJob, shellJob, untilEnded } from '../support/job-client.ts';
import { startOwnService } from '../support/own-service.ts';
import { runTool } from '../support/tools.ts';
import { runWorkerCommand, startWorkerProcess } from '../support/worker-process.ts';
import { workersOf } from '../support/workers-of-a-job.ts';
import { assertWorldAfter } from '../support/world.ts';

test('jobs of a version whose workers are gone wait, and can be moved to another', async (context) => {
  const { workflowOf } = await startOwnService(context);
  const old = await startWorkerProcess(context, { WORKER_BUILD_ID: 'v1' });
  const begun = await runGated(aName('begun'));
  await startWorkerProcess(context, { WORKER_BUILD_ID: 'v2' });
  assert.equal((await runWorkerCommand('promote-worker', { WORKER_BUILD_ID: 'v2' })).code, 0);
  assert.equal((await old.stop()).code, 0);
  await openGate(begun);
  const later = await runJob(aName('later'), shellJob('echo done > /output/done'));
  assert.equal(later.status, 'succeeded', JSON.stringify(later));
  assert.equal((await workflowOf(begun).describe()).status.name, 'RUNNING');
  assert.deepEqual((await workersOf(workflowOf(begun))).buildIds, ['v1']);

  const query = "TemporalWorkerDeploymentVersion = 'kubernetes-task-runner:v1' AND ExecutionStatus = 'Running'";
  const options = ['--versioning-override-behavior', 'auto_upgrade', '--yes', '--query', query];
  await runTool('temporal', 'workflow', 'update-options', ...options);
  const ended = await untilEnded(begun.id);
  assert.equal(ended.status, 'succeeded', JSON.stringify(ended));
  assert.deepEqual((await workersOf(workflowOf(ended))).buildIds, ['v1', 'v2']);
  await assertWorldAfter(ended);
});
