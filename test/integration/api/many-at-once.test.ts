import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { endWorkflow, jobIn, startApi } from '../../support/api-server.ts';
import type { Answer, TestApi } from '../../support/api-server.ts';
import { aZip } from '../../support/input-zips.ts';

const MANY = 50;
const JOB = { job_parameters: { docker_image: 'python' } };
const input_zip = (await aZip({ a: 'a' })).toString('base64');

const sendMany = (api: TestApi, body: unknown, headers: Record<string, string>) =>
  Promise.all(Array.from({ length: MANY }, () => api.call('POST', '/batch/', body, headers)));

/** Asserts that there is one workflow, one row, and one spooled input if there was an input. */
async function assertOneJob(api: TestApi, answers: readonly Answer[], hasInput: boolean): Promise<void> {
  const ids = new Set(answers.filter(({ status }) => status === 200).map((answer) => jobIn(answer).id));
  const rows = await api.store.list({ statuses: 'all', limit: 1000 });
  assert.deepEqual(
    [...ids],
    rows.map(({ id }) => id),
  );
  assert.equal(rows.length, 1);
  assert.equal((await api.bucket.list('spool/')).length, hasInput ? 1 : 0);
  await endWorkflow(api, rows[0]?.name ?? '');
}

for (const [what, body, hasInput] of [
  ['without a name', JOB, false],
  [
    'with a name and an input',
    { name: `test-${randomUUID().slice(0, 13)}`, job_parameters: { ...JOB.job_parameters, input_zip } },
    true,
  ],
] as const) {
  test(`${MANY} requests at once with one key, ${what}, are one job`, async (context) => {
    const api = await startApi(context);
    const answers = await sendMany(api, body, { 'Idempotency-Key': randomUUID() });
    assert.equal(answers.filter(({ status }) => status === 200).length, MANY);
    await assertOneJob(api, answers, hasInput);
  });
}

test(`${MANY} requests at once with one name and no key are one job and ${MANY - 1} refusals`, async (context) => {
  const api = await startApi(context);
  const name = `test-${randomUUID().slice(0, 13)}`;
  const answers = await sendMany(api, { name, job_parameters: { ...JOB.job_parameters, input_zip } }, {});
  const refused = answers.filter(({ status, error }) => status === 400 && error === 'InvalidParameters');
  assert.equal(refused.length, MANY - 1);
  await assertOneJob(api, answers, true);
});
