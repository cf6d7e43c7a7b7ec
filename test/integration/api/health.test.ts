import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, test } from 'node:test';
import { Client, Connection } from '@temporalio/client';
import { createJobWorkflows } from '../../../api/workflows.ts';
import { BATCH_JOB_WORKFLOW, TASK_QUEUE, workflowIdOf } from '../../../workflows/names.ts';
import { createStore } from '../../../store/store.ts';
import { startApi } from '../../support/api-server.ts';
import { aName } from '../../support/job-client.ts';
import { aRequest } from '../../support/objects.ts';

const NOWHERE = '127.0.0.1:1';

describe('the health of the API', () => {
  test('is good when all servers answer', async (context) => {
    const api = await startApi(context);
    assert.equal((await api.call('GET', '/livez')).status, 200);
    const { status, data } = await api.call('GET', '/readyz');
    assert.deepEqual([status, data], [200, { temporal: 'ok', mongodb: 'ok', bucket: 'ok' }]);
  });

  test('names what is away, and the process lives on', async (context) => {
    const connection = Connection.lazy({ address: NOWHERE });
    const store = await createStore({ uri: `mongodb://${NOWHERE}`, database: 'x' });
    context.after(() => Promise.all([connection.close(), store.close()]));
    const api = await startApi(context, { store, workflows: createJobWorkflows(new Client({ connection })) });
    const { status, error, data } = await api.call('GET', '/readyz');
    assert.deepEqual([status, error], [503, 'ServiceUnavailable']);
    assert.deepEqual(data, { temporal: 'away', mongodb: 'away', bucket: 'ok' });
    assert.equal((await api.call('GET', '/livez')).status, 200);
    const list = await api.call('GET', '/batch/');
    assert.deepEqual([list.status, list.headers.has('retry-after')], [503, true]);
  });

  test('says that the worker may be away, when nobody answers for a job that the mirror does not know', async (context) => {
    const api = await startApi(context);
    const request = aRequest({ name: aName('unanswered'), id: randomUUID() });
    const { client } = api;
    await client.workflow.start(BATCH_JOB_WORKFLOW, {
      taskQueue: TASK_QUEUE,
      workflowId: workflowIdOf(request.name),
      args: [request],
    });
    const { status, msg } = await api.call('GET', `/batch/${request.name}`);
    await client.workflow.getHandle(workflowIdOf(request.name)).terminate();
    assert.deepEqual([status, msg], [503, 'Temporal, or the worker, is away at the moment: try again later.']);
  });

  test('lets jobs in while only the mirror is away', async (context) => {
    const store = await createStore({ uri: `mongodb://${NOWHERE}`, database: 'x' });
    context.after(() => store.close());
    const api = await startApi(context, { store });
    const name = `test-${Date.now()}`;
    const body = { name, job_parameters: { docker_image: 'python' } };
    const answer = await api.call('POST', '/batch/', body, { Prefer: 'respond-async' });
    assert.deepEqual([answer.status, answer.error], [200, '']);
    await api.client.workflow.getHandle(`batch-job/${name}`).terminate();
  });
});
