import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PresentedJob } from '../../api/present.ts';
import { gated, openGate } from '../support/gated-job.ts';
import { aName, shellJob, submit, until, untilEnded } from '../support/job-client.ts';
import { evict, kubectl, podOf } from '../support/operator.ts';
import { startOwnService } from '../support/own-service.ts';
import { variants } from '../support/variants.ts';
import { startWorkerProcess } from '../support/worker-process.ts';
import { assertWorldAfter } from '../support/world.ts';

variants('claims', 'one-pod');

/** Its first attempt ends as `onTerm` says when it is asked to end; the others do nothing. */
function stoppable(onTerm: string): string {
  return `case $(hostname) in *.2-*) ;; *) trap "${onTerm}" TERM; echo first; sleep 600 & wait;; esac`;
}

async function start(script: string): Promise<PresentedJob & { readonly pod: string }> {
  const { body } = await submit(aName('unseen'), shellJob(script));
  const job = await until(body.data.id, ({ phase }) => phase === 'running');
  return { ...job, pod: await podOf(job) };
}

async function remove(pod: string): Promise<void> {
  await kubectl('delete', 'pod', pod, '--wait=false');
}

test('what became of a pod that is gone when a worker is back is told as it was', async (context) => {
  await startOwnService(context);
  const dead = await startWorkerProcess(context);
  const evicted = await Promise.all([start(stoppable('exit 1')), start(stoppable('sleep 1; exit 143'))]);
  const deleted = await Promise.all([start(stoppable('exit 7')), start(stoppable('exit 0'))]);
  const failed = await start(gated('true', 'exit 3'));
  await dead.kill();
  await openGate(failed);

  const pods = [...evicted, ...deleted, failed].map(({ pod }) => `pod/${pod}`);
  await Promise.all(evicted.map(({ pod }) => evict(pod)));
  await Promise.all(deleted.map(({ pod }) => remove(pod)));
  await kubectl('wait', `pod/${failed.pod}`, '--for=jsonpath={.status.phase}=Failed', '--timeout=60s');
  await remove(failed.pod);
  await kubectl('wait', ...pods, '--for=delete', '--timeout=60s');
  await startWorkerProcess(context);

  for (const { id } of evicted) {
    const job = await untilEnded(id);
    const reasons = job.attempts?.map(({ failure }) => failure.reason);
    assert.deepEqual([job.status, reasons], ['succeeded', ['Evicted']], JSON.stringify(job));
    await assertWorldAfter(job);
  }
  for (const { id } of deleted) {
    const job = await untilEnded(id);
    assert.deepEqual(
      [job.status, job.failure?.reason, job.output],
      ['failed', 'ClusterError', undefined],
      JSON.stringify(job),
    );
    assert.match(job.failure?.message ?? '', /^somebody deleted the pod/);
    await assertWorldAfter(job);
  }
  const job = await untilEnded(failed.id);
  assert.deepEqual([job.status, job.failure?.reason, job.exit_code], ['failed', 'UserError', 3], JSON.stringify(job));
  await assertWorldAfter(job);
});
