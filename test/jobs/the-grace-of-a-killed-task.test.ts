import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { aName, call, logOf, shellJob, submit, until } from '../support/job-client.ts';
import { variants } from '../support/variants.ts';
import { assertWorldAfter } from '../support/world.ts';

variants('claims', 'one-pod');

/** Submits a job, waits until its task has set its trap, and kills it. @returns its log, line by line */
async function killedLogOf(script: string, grace_seconds: number): Promise<string[]> {
  const { body } = await submit(aName(`grace-${grace_seconds}`), shellJob(script, { grace_seconds }));
  const { id } = await until(body.data.id, async (job) => job.phase === 'running' && (await logOf(job.id)) !== '');
  const killed = await call('DELETE', `/batch/${id}`, { headers: { prefer: 'wait=60' } });
  assert.equal(killed.body.data.status, 'killed', JSON.stringify(killed.body));
  await assertWorldAfter(killed.body.data);
  return (await logOf(id)).trim().split('\n');
}

describe('a task that is killed and does not end at once', { concurrency: 2 }, () => {
  test('is heard to its last line when it ends within its grace', async () => {
    const script = 'trap "sleep 3; echo last; exit 1" TERM; echo first; sleep 600 & wait';
    assert.deepEqual(await killedLogOf(script, 8), ['first', 'last']);
  });

  test('is ended when its grace is over', async () => {
    const script =
      'trap "date +%s; while true; do sleep 0.3; date +%s; done" TERM; echo first; while true; do sleep 0.1; done';
    const [first, ...times] = await killedLogOf(script, 1);
    const [toldSeconds = '', endSeconds = ''] = [times[0], times.at(-1)];
    assert.equal(first, 'first');
    // A kubelet gives two seconds at least. Without a grace of its own a task has ten.
    assert.ok(Number(endSeconds) - Number(toldSeconds) <= 5, times.join());
  });
});
