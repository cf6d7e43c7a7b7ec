import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { TestContext } from 'node:test';
import { describe, test } from 'node:test';
import { Client, Connection } from '@temporalio/client';
import { createJobWorkflows } from '../../../api/workflows.ts';
import { unlessForgotten } from '../../../activities/job-history.ts';
import { workflowIdOf } from '../../../workflows/names.ts';
import { required } from '../../support/environment.ts';
import { aRequest } from '../../support/objects.ts';

/** What Temporal says, too, when its own database fails it. */
async function aClientOfNobodysNamespace(context: TestContext): Promise<Client> {
  const connection = await Connection.connect({ address: required('TEMPORAL_ADDRESS') });
  context.after(() => connection.close());
  return new Client({ connection, namespace: `nobody-${randomUUID()}` });
}

describe('a namespace that Temporal does not know', () => {
  test('is not taken for a job that Temporal does not know', async (context) => {
    const client = await aClientOfNobodysNamespace(context);
    const handle = client.workflow.getHandle(workflowIdOf('some-job'));
    await assert.rejects(unlessForgotten(() => handle.describe()));
    await assert.rejects(unlessForgotten(() => handle.fetchHistory()));
    const { workflowService } = client;
    const { namespace } = client.options;
    const execution = { workflowId: handle.workflowId };
    await assert.rejects(unlessForgotten(() => workflowService.describeWorkflowExecution({ namespace, execution })));
  });

  test('is told to the client as a service that is away', async (context) => {
    const jobs = createJobWorkflows(await aClientOfNobodysNamespace(context));
    const isAway = { status: 503, error: 'ServiceUnavailable' };
    await assert.rejects(jobs.start(aRequest()), isAway);
    await assert.rejects(jobs.query('some-job'), isAway);
    await assert.rejects(jobs.kill('some-job'), isAway);
  });
});
