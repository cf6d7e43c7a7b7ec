import type { WorkflowClient, WorkflowExecutionDescription } from '@temporalio/client';
import { IS_OPEN } from '../temporal.ts';
import type { JobMemo } from '../workflows/contract.ts';
import { jobNameOf, workflowIdOf } from '../workflows/names.ts';
import type { JobRef } from '../workflows/observation.ts';
import { JOBS_OF_OURS, unlessForgotten } from './job-history.ts';
import type { OpenJob } from './orphans.ts';

const OPEN_JOBS = `${JOBS_OF_OURS} AND ${IS_OPEN}`;

/** A workflow that was cancelled comes to an end by itself; one that is listed as such had no chance to. */
const ABANDONED_JOBS = `${JOBS_OF_OURS} AND ExecutionStatus IN ('Terminated', 'Failed', 'TimedOut', 'Canceled')`;

/** The jobs whose workflows Temporal lists as closed without a result. */
export async function listAbandonedJobs(workflows: Pick<WorkflowClient, 'list'>): Promise<JobRef[]> {
  const refs: JobRef[] = [];
  for await (const { workflowId, memo } of workflows.list({ query: ABANDONED_JOBS })) {
    const [id, name] = [(memo as JobMemo | undefined)?.jobId, jobNameOf(workflowId)];
    if (id !== undefined && name !== undefined) refs.push({ id, name });
  }
  return refs;
}

/** The jobs that Temporal lists as open. What has just begun may be missing. */
export async function listOpenJobs(workflows: Pick<WorkflowClient, 'list'>): Promise<OpenJob[]> {
  const open: OpenJob[] = [];
  for await (const { workflowId, memo } of workflows.list({ query: OPEN_JOBS })) open.push(openJob(workflowId, memo));
  return open;
}

/** The newest workflow of this job's name, as it is now; undefined only when Temporal says that it knows none. */
export async function describeJob(
  workflows: Pick<WorkflowClient, 'getHandle'>,
  name: string,
): Promise<WorkflowExecutionDescription | undefined> {
  return await unlessForgotten(() => workflows.getHandle(workflowIdOf(name)).describe());
}

/** The job of this name, if its workflow is open. Not from a list, which may lag or lack one. */
export async function findOpenJob(
  workflows: Pick<WorkflowClient, 'getHandle'>,
  name: string,
): Promise<OpenJob | undefined> {
  const described = await describeJob(workflows, name);
  return described && described.closeTime === undefined ? openJob(described.workflowId, described.memo) : undefined;
}

function openJob(workflowId: string, memo: JobMemo = {}): OpenJob {
  const { jobId, inputObject } = memo;
  return { workflowId, ...(jobId !== undefined && { jobId }), ...(inputObject !== undefined && { inputObject }) };
}
