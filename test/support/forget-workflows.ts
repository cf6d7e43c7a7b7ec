import { setTimeout as sleep } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { BATCH_JOB_WORKFLOW } from '../../workflows/names.ts';

const JOBS = `WorkflowType="${BATCH_JOB_WORKFLOW}"`;
const LIMIT_MS = 60_000;

/**
 * Lets Temporal forget every job that there is. Tests of single rooms start workflows that no worker is to run: the first one
 * that starts would take them for work.
 */
export async function forgetWorkflows(address: string, namespace: string): Promise<void> {
  const connection = await Connection.connect({ address });
  const { workflow, workflowService } = new Client({ connection, namespace });
  try {
    for (const endMs = Date.now() + LIMIT_MS; ; await sleep(500)) {
      const left = await Array.fromAsync(workflow.list({ query: JOBS }));
      if (left.length === 0) return;
      if (Date.now() > endMs) throw new Error(`Temporal still knows ${left.length} workflows of tests`);
      for (const { workflowId, runId } of left) {
        const request = { namespace, workflowExecution: { workflowId, runId } };
        // Asked for again, it may be gone.
        await workflowService.deleteWorkflowExecution(request).catch(() => undefined);
      }
    }
  } finally {
    await connection.close();
  }
}
