import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, test } from 'node:test';
import { TASK_QUEUE, workflowIdOf } from '../../../workflows/names.ts';
import type { JobRequest } from '../../../workflows/contract.ts';
import { endWorkflow, jobIn, startApi } from '../../support/api-server.ts';
import { aJob } from '../../support/job-builder.ts';
import { aZip } from '../../support/input-zips.ts';

const aName = () => `test-${randomUUID().slice(0, 13)}`;

describe('POST /batch/ with JSON', () => {
  test('starts a durable workflow, and the job is in the list at once', async (context) => {
    const api = await startApi(context);
    const name = aName();
    const job_parameters = { docker_image: 'python', environment_variables: { 'A.B': ' x ' } };
    const answer = await api.call('POST', '/batch/', { name, status: 'created', job_parameters });
    const job = jobIn(answer);
    assert.deepEqual([answer.status, answer.error, answer.msg, answer.result], [200, '', '', true]);
    assert.deepEqual([job.name, job.status, job.job_parameters], [name, 'created', job_parameters]);

    const workflow = await api.client.workflow.getHandle(workflowIdOf(name)).describe();
    assert.deepEqual([workflow.status.name, workflow.taskQueue, workflow.type], ['RUNNING', TASK_QUEUE, 'batchJob']);
    assert.equal(await workflow.staticSummary(), `${name}: python`);
    const listed = (await api.call('GET', '/batch/?status=created')).data as unknown[];
    assert.deepEqual(listed, [job]);
    await endWorkflow(api, name);
  });

  test('gets what the configuration says for what it leaves out, and keeps what it says itself', async (context) => {
    const jobDefaultResources = { limits: { memory: '1Gi' }, requests: { cpu: '500m' } };
    const deadlines = { jobStartTimeoutMs: 11_000, jobRunTimeoutMs: 12_000, jobTransferTimeoutMs: 13_000 };
    const api = await startApi(context, { settings: { jobDefaultResources, ...deadlines } });
    const post = async (job_parameters: object) =>
      jobIn(await api.call('POST', '/batch/', { job_parameters }, { Prefer: 'respond-async' }));

    const silent = await post({ docker_image: 'python' });
    assert.deepEqual(silent.job_parameters.resources, jobDefaultResources);
    const byDefault = await requestOf(api, silent.name);
    assert.deepEqual(
      [byDefault.startTimeoutMs, byDefault.runTimeoutMs, byDefault.transferTimeoutMs],
      [11_000, 12_000, 13_000],
    );

    const resources = { limits: { memory: '2Gi' } };
    const own = await post({ docker_image: 'python', resources, timeout_seconds: 5, start_timeout_seconds: 6 });
    assert.deepEqual(own.job_parameters.resources, resources);
    const asked = await requestOf(api, own.name);
    assert.deepEqual([asked.startTimeoutMs, asked.runTimeoutMs], [6_000, 5_000]);
    for (const { name } of [silent, own]) await endWorkflow(api, name);
  });

  test('puts the input into the bucket, and only its address into the workflow', async (context) => {
    const api = await startApi(context);
    const zip = await aZip({ 'a.txt': 'a' });
    const job_parameters = { docker_image: 'python', input_zip: `${zip.toString('base64')}\n` };
    const job = jobIn(await api.call('POST', '/batch/', { job_parameters }, { Prefer: 'respond-async' }));
    const { input, parameters } = await requestOf(api, job.name);
    assert.deepEqual(input, { ...(await api.bucket.stat(`spool/${job.id}.zip`)) });
    assert.equal(input?.sizeBytes, zip.length);
    assert.deepEqual(parameters, { docker_image: 'python' });
    assert.deepEqual(job.job_parameters, { docker_image: 'python' });
    await endWorkflow(api, job.name);
    await api.bucket.remove(`spool/${job.id}.zip`);
  });

  test('gives many nameless jobs of one moment a name each', async (context) => {
    const api = await startApi(context);
    const body = { job_parameters: { docker_image: 'registry/python:3' } };
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => api.call('POST', '/batch/', body, { Prefer: 'respond-async' })),
    );
    const names = answers.map((answer) => jobIn(answer).name);
    assert.equal(new Set(names).size, 8);
    for (const answer of answers) assert.equal(jobIn(answer).name, `python-${jobIn(answer).created}`);
    await Promise.all(names.map((name) => endWorkflow(api, name)));
  });

  test('has one winner when two jobs of one name come at once, and keeps nothing of the others', async (context) => {
    const api = await startApi(context);
    const name = aName();
    const input_zip = (await aZip({ a: 'a' })).toString('base64');
    const body = { name, job_parameters: { docker_image: 'python', input_zip } };
    const before = await api.bucket.list('spool/');
    const answers = await Promise.all([1, 2, 3, 4].map(() => api.call('POST', '/batch/', body)));
    const winners = answers.filter(({ status }) => status === 200).map(jobIn);
    assert.equal(winners.length, 1);
    for (const { status, error, data } of answers.filter(({ result }) => !result)) {
      assert.deepEqual([status, error, Object.keys(data)], [400, 'InvalidParameters', ['name']]);
    }
    const spooled = (await api.bucket.list('spool/')).filter((object) => !before.includes(object));
    assert.deepEqual(spooled, [`spool/${winners[0]?.id}.zip`]);
    await endWorkflow(api, name);
    await api.bucket.remove(`spool/${winners[0]?.id}.zip`);
  });

  test('refuses a name that was ever used, also when the mirror has forgotten it', async (context) => {
    const api = await startApi(context);
    const body = { name: aName(), job_parameters: { docker_image: 'python' } };
    const [first, other] = [api, await startApi(context)];
    assert.equal((await first.call('POST', '/batch/', body)).status, 200);
    await endWorkflow(api, body.name);
    assert.equal((await other.call('POST', '/batch/', body)).status, 400);
  });

  test('waits until the job has left created, and says so when it finished instantly', async (context) => {
    const api = await startApi(context, { settings: { startWaitMs: 20_000 } });
    const name = aName();
    const pending = api.call('POST', '/batch/', { name, job_parameters: { docker_image: 'python' } });
    const created = await eventually(() => api.store.find(name));
    await api.store.record({ ...created, revision: 1, status: 'cleaning', phase: 'uploading', startTime: 5 });
    const answer = await pending;
    assert.deepEqual([answer.status, answer.msg], [200, `Job ${created.id} finished instantly`]);
    assert.deepEqual([jobIn(answer).status, jobIn(answer).start_time], ['cleaning', 5]);
    await endWorkflow(api, name);
  });

  test('answers with what the cluster said when it refused the job', async (context) => {
    const api = await startApi(context, { settings: { startWaitMs: 20_000 } });
    const name = aName();
    const pending = api.call('POST', '/batch/', { name, job_parameters: { docker_image: 'python' } });
    const created = await eventually(() => api.store.find(name));
    const clusterResponse = { kind: 'Status', code: 403, metadata: { 'a.b': null } };
    const failure = { reason: 'ClusterError', phase: 'preparing', message: 'm', retryable: false } as const;
    await api.store.record({ ...created, revision: 1, status: 'failed', phase: 'ended', failure, clusterResponse });
    const { status, error, msg, data } = await pending;
    assert.deepEqual([status, error], [500, 'ClusterError']);
    assert.equal(msg, 'Got unexpected response while waiting for job to start');
    const { cluster_response, id, name: named } = data as Record<string, unknown>;
    assert.deepEqual([cluster_response, id, named], [clusterResponse, created.id, name]);
    await endWorkflow(api, name);
  });

  test('waits as long as the client prefers', async (context) => {
    const api = await startApi(context, { settings: { startWaitMs: 20_000 } });
    for (const [prefer, minMs] of [
      ['respond-async', 0],
      ['wait=1', 1000],
    ] as const) {
      const startMs = performance.now();
      const answer = await api.call('POST', '/batch', { job_parameters: { docker_image: 'a' } }, { Prefer: prefer });
      const tookMs = performance.now() - startMs;
      assert.equal(answer.status, 200);
      assert.ok(tookMs >= minMs && tookMs < minMs + 5000, `${prefer} took ${tookMs} ms`);
      await endWorkflow(api, jobIn(answer).name);
    }
  });

  test('refuses a name that only the mirror knows', async (context) => {
    const api = await startApi(context);
    const job = aJob({ name: aName() });
    await api.store.record(job);
    const answer = await api.call('POST', '/batch/', { name: job.name, job_parameters: { docker_image: 'a' } });
    assert.equal(answer.status, 400);
    await assert.rejects(api.client.workflow.getHandle(workflowIdOf(job.name)).describe());
  });
});

async function requestOf(api: Awaited<ReturnType<typeof startApi>>, name: string): Promise<JobRequest> {
  const { events } = await api.client.workflow.getHandle(workflowIdOf(name)).fetchHistory();
  const payload = events?.[0]?.workflowExecutionStartedEventAttributes?.input?.payloads?.[0];
  return JSON.parse(Buffer.from(payload?.data ?? '').toString()) as JobRequest;
}

async function eventually<T>(look: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
  }
}
