import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aName, downloadOutput, untilEnded } from '../support/job-client.ts';
import { openGate, runGated } from '../support/gated-job.ts';
import { startOwnService } from '../support/own-service.ts';
import { startWorkerProcess } from '../support/worker-process.ts';
import { assertWorldAfter } from '../support/world.ts';
import { entriesOf } from '../support/zip-entries.ts';

test('a job outlives the worker: killed in the middle and started again, it runs its container once and succeeds', async (context) => {
  await startOwnService(context);
  const first = await startWorkerProcess(context);
  const job = await runGated(aName('orphan'));
  await first.kill();
  await openGate(job);
  await startWorkerProcess(context);

  const end = await untilEnded(job.id);
  assert.deepEqual([end.status, end.attempts], ['succeeded', undefined], JSON.stringify(end));
  const output = await entriesOf(await downloadOutput(end));
  assert.equal(output['end']?.content, 'end\n');
  await assertWorldAfter(end);
});
