import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { startHostileService, runJobOf } from '../support/hostile-service.ts';
import type { Tenant } from '../support/hostile-service.ts';
import { shellJob } from '../support/job-client.ts';
import { zipOf } from '../support/zip-entries.ts';

const CANARY = 'what-only-alice-may-read';

/** Calls that a key of another owner makes, by what they would do. */
const CALLS: Readonly<Record<string, readonly [method: string, path: string]>> = {
  look: ['GET', ''],
  watch: ['GET', '/events'],
  'read the log': ['GET', '/logs'],
  'read the log of the upload': ['GET', '/logs?container=cleanup'],
  'list the input': ['GET', '/input/files'],
  'list the output': ['GET', '/output/files'],
  'download the output': ['GET', '/output'],
  kill: ['DELETE', ''],
};

/** What a call is answered. */
async function ask(url: string, { headers }: Tenant, [method, path]: readonly [string, string]) {
  const response = await fetch(`${url}${path}`, { method, headers });
  return { status: response.status, text: await response.text() };
}

test('a key reaches nothing of the jobs of another owner, by no call, and changes none', async (context) => {
  const { url, alice, mallory } = await startHostileService(context);
  const script = `echo ${CANARY}; cp /input/canary /output`;
  const job = await runJobOf(alice, script, await zipOf({ canary: { content: CANARY } }));
  assert.equal(job.status, 'succeeded', JSON.stringify(job));

  for (const [what, [method, path]] of Object.entries(CALLS))
    await context.test(`to ${what}`, async () => {
      for (const [id, nothing] of [
        [job.id, randomUUID()],
        [job.name, 'nothing'],
      ] as const) {
        const answer = await ask(`${url}/batch/${id}`, mallory, [method, path]);
        const expected = await ask(`${url}/batch/${nothing}`, mallory, [method, path]);
        assert.equal(answer.status, 404);
        assert.deepEqual(answer, { ...expected, text: expected.text.replace(nothing, id) });
      }
    });

  await context.test('to take its output for an input', async () => {
    for (const input_from of [{ job: job.id }, { job: job.name }]) {
      const body = JSON.stringify({ job_parameters: shellJob('cat /input/*'), input_from });
      const headers = { ...mallory.headers, 'content-type': 'application/json' };
      const answer = await fetch(`${url}/batch/`, { method: 'POST', headers, body });
      assert.ok([400, 404].includes(answer.status), String(answer.status));
      assert.doesNotMatch(await answer.text(), new RegExp(CANARY));
    }
  });

  await context.test('to find it in a list', async () => {
    const { text } = await ask(`${url}/batch/?status=all&owner=${alice.owner}`, mallory, ['GET', '']);
    assert.doesNotMatch(text, new RegExp(`${job.id}|${job.name}`));
  });

  // Its URL is signed anew each time.
  assert.deepEqual({ ...(await alice.client.get(job.id)), output_file_url: '' }, { ...job, output_file_url: '' });
});
