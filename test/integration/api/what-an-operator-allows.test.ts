import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { parseImagePattern } from '../../../config/images.ts';
import { loadApiConfig } from '../../../config.ts';
import type { ApiSettings } from '../../../api/deps.ts';
import type { JobRequest } from '../../../workflows/contract.ts';
import { endWorkflow, jobIn, startApi } from '../../support/api-server.ts';
import type { TestApi } from '../../support/api-server.ts';

const SETTINGS: Partial<ApiSettings> = {
  allowedImages: [parseImagePattern('python:3.*') ?? assert.fail()],
  jobMaxResources: { memory: '1Gi', storage: '10Gi' },
  jobMaxRunTimeoutMs: 3_600_000,
};

async function send(context: TestContext, job_parameters: object, settings = SETTINGS) {
  const api = await startApi(context, { settings });
  const name = `test-${randomUUID().slice(0, 13)}`;
  const answer = await api.call('POST', '/batch/', { name, job_parameters }, { Prefer: 'respond-async' });
  context.after(() => endWorkflow(api, name).catch(() => undefined));
  return { api, name, answer };
}

/** What the workflow was started with. */
async function requestOf({ client }: TestApi, workflowId: string): Promise<JobRequest> {
  const { events } = await client.workflow.getHandle(workflowId).fetchHistory();
  const data = events?.[0]?.workflowExecutionStartedEventAttributes?.input?.payloads?.[0]?.data;
  return JSON.parse(Buffer.from(data ?? []).toString()) as JobRequest;
}

test('what is not allowed is refused with 400, all of it at its fields, and no job is there', async (context) => {
  const { api, name, answer } = await send(context, {
    docker_image: 'registry.example.com/python:3.12',
    timeout_seconds: 3601,
    resources: { limits: { memory: '2Gi' }, requests: { memory: '1.5Gi' } },
    storage: { size: '11Gi' },
    environment_variables: { PASSWORD: { secret: 'not/allowed' } },
  });
  assert.deepEqual([answer.status, answer.error], [400, 'InvalidParameters']);
  assert.deepEqual(answer.data, {
    job_parameters: {
      docker_image: 'This image may not be run: ALLOWED_IMAGES of the service says which may',
      timeout_seconds: 'Must be at most 3600',
      resources: { limits: { memory: 'Must be at most 1Gi' }, requests: { memory: 'Must be at most 1Gi' } },
      storage: { size: 'Must be at most 10Gi' },
      environment_variables: {
        PASSWORD: 'This Secret may not be used: OWNER_SECRETS of the service says which may',
      },
    },
  });
  assert.equal(await api.store.find(name), undefined);
});

test('where callers are asked who they are, a job that names objects of the cluster is refused with 400', async (context) => {
  const { allowed, jobMaxStartTimeoutMs } = loadApiConfig([], {
    GC_BUCKET_NAME: 'b',
    API_AUTH: 'keys',
    ALLOWED_QUEUES: 'night',
  });
  const parameters = {
    docker_image: 'python',
    priority_class: 'urgent',
    queue: 'night',
    tolerations: [{ operator: 'Exists' }],
    start_timeout_seconds: 604_801,
  };
  const { api, name, answer } = await send(context, parameters, { allowed, jobMaxStartTimeoutMs });
  assert.deepEqual([answer.status, answer.error], [400, 'InvalidParameters']);
  assert.deepEqual(answer.data, {
    job_parameters: {
      priority_class: 'Priority class urgent is not allowed here; allowed are none',
      tolerations: { 0: 'Toleration of every taint is not allowed here; allowed are none' },
      start_timeout_seconds: 'Must be at most 604800',
    },
  });
  assert.equal(await api.store.find(name), undefined);
});

test('a job that names no limits gets the largest, and the shorter deadline', async (context) => {
  const { api, answer } = await send(context, { docker_image: 'docker.io/library/python:3.12' });
  assert.equal(answer.status, 200);
  const { job_parameters, workflow_id } = jobIn(answer);
  assert.deepEqual(job_parameters.resources, { limits: { memory: '1Gi' }, requests: { memory: '0' } });
  const { runTimeoutMs, maxResources, isQueued } = await requestOf(api, workflow_id);
  assert.deepEqual([runTimeoutMs, maxResources, isQueued], [3_600_000, { memory: '1Gi', storage: '10Gi' }, undefined]);
});

test('where only so many jobs may go at one time, a job waits from its first moment on, and says so', async (context) => {
  const { api, answer } = await send(context, { docker_image: 'python' }, { isQueueing: true });
  const { id, status, phase, workflow_id } = jobIn(answer);
  assert.deepEqual([status, phase], ['created', 'queued']);
  assert.equal(jobIn(await api.call('GET', `/batch/${id}`)).phase, 'queued');
  assert.equal((await requestOf(api, workflow_id)).isQueued, true);
});
