import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PresentedJob } from '../../api/present.ts';
import { isFinal } from '../../workflows/contract.ts';
import { jobNameOf } from '../../workflows/names.ts';
import { aName, call, downloadOutput, shellJob } from '../support/job-client.ts';
import { runKeyCommand } from '../support/key-command.ts';
import { startOwnService } from '../support/own-service.ts';
import { inStandardMode } from '../support/standard-mode.ts';
import { startWorkerProcess } from '../support/worker-process.ts';
import { assertWorldAfter } from '../support/world.ts';
import { entriesOf, zipOf } from '../support/zip-entries.ts';

/** Somebody with a key. */
interface Caller {
  readonly owner: string;
  readonly headers: Readonly<Record<string, string>>;
}

async function aCaller(owner: string): Promise<Caller> {
  const { output } = await runKeyCommand({}, 'create', '--owner', owner, '--scopes', 'read,submit,kill');
  const [key] = /ktr_\S+/.exec(output) ?? assert.fail(output);
  return { owner, headers: { authorization: `Bearer ${key}` } };
}

/** Sends a job whose output is what `owner` put in, and waits for its end. */
async function copyOwn({ owner, headers }: Caller, name: string): Promise<PresentedJob> {
  const form = new FormData();
  const parameters = inStandardMode(shellJob('cp /input/whose /output'));
  form.set('job', JSON.stringify({ name, job_parameters: parameters }));
  form.set('input', new Blob([await zipOf({ whose: { content: owner } })]));
  const { body } = await call('POST', '/batch/', { headers: { ...headers, prefer: 'respond-async' }, body: form });
  assert.ok(body.result, JSON.stringify(body));
  for (let job = body.data; ; job = (await call('GET', `/batch/${name}?wait=20`, { headers })).body.data)
    if (isFinal(job.status)) return job;
}

test('two owners run jobs of one name at one time, and each gets the own output and sees the own job', async (context) => {
  await startOwnService(context, () => Promise.resolve({ API_AUTH: 'keys' }));
  await startWorkerProcess(context);
  const callers = await Promise.all([aCaller('alice'), aCaller('alice2')]);
  const name = aName('same');
  const jobs = await Promise.all(callers.map((caller) => copyOwn(caller, name)));

  assert.equal(new Set(jobs.map(({ id }) => id)).size, 2);
  for (const [at, job] of jobs.entries()) {
    const { owner, headers } = callers[at] ?? assert.fail();
    assert.deepEqual([job.status, job.name, job.owner], ['succeeded', name, owner], JSON.stringify(job));
    assert.equal((await entriesOf(await downloadOutput(job)))['whose']?.content, owner);
    const { body } = await call<readonly PresentedJob[]>('GET', '/batch/?status=succeeded', { headers });
    assert.deepEqual(
      body.data.map(({ id }) => id),
      [job.id],
    );
    assert.equal((await call('GET', `/batch/${jobs[1 - at]?.id}`, { headers })).status, 404);
    await assertWorldAfter({ ...job, name: jobNameOf(job.workflow_id) ?? '' });
  }
  assert.equal((await call('GET', `/batch/${name}`)).status, 401);
});
