import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { required } from '../support/environment.ts';
import { aName, call, runJob, shellJob, submit, until, untilEnded } from '../support/job-client.ts';
import { dropMirror } from '../support/mirror.ts';
import { startOwnService } from '../support/own-service.ts';
import { historyText } from '../support/temporal.ts';
import { runTool } from '../support/tools.ts';
import { runWorkerCommand, startWorkerProcess } from '../support/worker-process.ts';
import { assertWorldAfter } from '../support/world.ts';

const CANARY = `canary-${randomUUID()}`;
const ENCRYPTED = { ENCRYPTION_KEYS: randomBytes(32).toString('base64'), TEMPORAL_ENCRYPTION: 'true' };
const OFF = { ...ENCRYPTED, TEMPORAL_ENCRYPTION: 'false' };

// This process, as who has the keys, reads what it asks Temporal for.
Object.assign(process.env, ENCRYPTED);

/** A text in clear, and what is made of it where bytes are written in Base64, from each of the three places where it may begin. */
const FORMS = [CANARY, ...[0, 1, 2].map((skip) => btoa(CANARY.slice(skip)).replace(/.{2}=*$/, ''))];

function assertHidden(text: string): void {
  for (const form of FORMS) assert.ok(!text.includes(form), form);
}

async function askTemporal(
  command: 'show' | 'describe',
  workflowId: string,
  ...options: readonly string[]
): Promise<string> {
  const named = ['--workflow-id', workflowId, '--namespace', required('TEMPORAL_NAMESPACE')];
  return await runTool('temporal', 'workflow', command, ...named, '--output', 'json', ...options);
}

test('of a job whose history is encrypted who reads Temporal learns its name, and the service all', async (context) => {
  const { workflowOf } = await startOwnService(context);
  await startWorkerProcess(context);
  const told = { environment_variables: { WORD: CANARY }, labels: { word: CANARY } };
  const done = await runJob(aName('hidden'), shellJob(`echo ${CANARY}`, told));
  const name = aName('refused');
  await submit(name, shellJob('true', { priority_class: CANARY }));
  const refused = await untilEnded(name);

  assert.equal(done.status, 'succeeded', JSON.stringify(done));
  assert.match(refused.failure?.message ?? '', new RegExp(CANARY));
  for (const job of [done, refused]) {
    await assertWorldAfter(job);
    assertHidden(historyText(await workflowOf(job).fetchHistory()));
    assertHidden(await askTemporal('describe', job.workflow_id));
    const codec = ['--codec-endpoint', `${required('API_URL')}/codec`];
    const shown = JSON.parse(await askTemporal('show', job.workflow_id, ...codec)) as unknown;
    assert.ok(historyText(shown).includes(CANARY));
  }
});

test('a job goes on while encryption is switched on and off, and ends by a kill', async (context) => {
  const { workflowOf } = await startOwnService(context);
  const first = await startWorkerProcess(context, OFF);
  const { body } = await submit(aName('switched'), shellJob('trap "exit 0" TERM; sleep 3600 & wait'));
  const job = await until(body.data.id, ({ status }) => status === 'running');
  await first.stop();
  for (const environment of [ENCRYPTED, OFF]) {
    const worker = await startWorkerProcess(context, environment);
    assert.equal((await workflowOf(job).query<{ status: string }>('job')).status, 'running');
    await worker.stop();
  }
  await startWorkerProcess(context);
  await call('DELETE', `/batch/${job.id}`);
  const ended = await untilEnded(job.id);
  assert.equal(ended.status, 'killed', JSON.stringify(ended));
  await assertWorldAfter(ended);
});

test('the mirror is restored from encrypted histories, also of a job whose workflow was ended by force', async (context) => {
  await startOwnService(context);
  await startWorkerProcess(context);
  const done = await runJob(aName('kept'), shellJob(`echo ${CANARY}`));
  const { body } = await submit(aName('ended'), shellJob('sleep 3600', { labels: { word: CANARY } }));
  const running = await until(body.data.id, ({ status }) => status === 'running');
  await runTool(
    'temporal',
    'workflow',
    'terminate',
    '--workflow-id',
    running.workflow_id,
    '--namespace',
    required('TEMPORAL_NAMESPACE'),
  );
  await dropMirror();
  const { code, said } = await runWorkerCommand('rebuild-mirror', {});
  assert.equal(code, 0, said);
  for (const { id, job_parameters } of [done, running])
    assert.deepEqual((await call('GET', `/batch/${id}`)).body.data.job_parameters, job_parameters);
});
