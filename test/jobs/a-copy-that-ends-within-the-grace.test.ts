import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { assertCopied, submitCopies } from '../support/held-copies.ts';
import { createHoldingProxy } from '../support/holding-proxy.ts';
import { startOwnService } from '../support/own-service.ts';
import { stepsIn } from '../support/told-steps.ts';
import { startWorkerProcess } from '../support/worker-process.ts';
import { triesOf } from '../support/workers-of-a-job.ts';

test('copies that end within the grace are not repeated', async (context) => {
  const { workflowOf } = await startOwnService(context);
  const proxy = await createHoldingProxy(context);
  const stopped = await startWorkerProcess(context, { GC_API_ENDPOINT: proxy.endpoint });
  const copies = await submitCopies();
  await proxy.untilHeld(copies.length);
  await startWorkerProcess(context);
  const stopping = stopped.stop();
  await delay(1_000);
  proxy.letGo();
  assert.equal((await stopping).code, 0);

  for (const copy of copies) {
    await assertCopied(copy);
    const done = stepsIn(await workflowOf(copy.job).fetchHistory()).filter(({ name }) => name === copy.step);
    const tries = (await triesOf(workflowOf(copy.job), copy.step)).map(({ pid, attempt }) => [pid, attempt]);
    if (done[0]?.isLocal) assert.deepEqual([done.length, tries], [1, []]);
    else assert.deepEqual([done.length, tries], [1, [[stopped.pid, 1]]]);
  }
});
