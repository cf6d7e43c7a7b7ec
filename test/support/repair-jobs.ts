import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { jobIn, readerOf } from '../../activities/job-history.ts';
import type { PresentedJob } from '../../api/present.ts';
import type { JobParameters } from '../../workflows/parameters.ts';
import { openGate, runGated, runUntilRunning } from './gated-job.ts';
import { aName, call, runJob, shellJob, untilEnded } from './job-client.ts';
import type { Answer } from './job-client.ts';
import { openClient } from './reconciliation.ts';
import { createScope } from './scope.ts';
import { runTool } from './tools.ts';

/** Jobs of the service that have come to every kind of end, and one that has not. */
export interface RepairJobs {
  /** Begins the names of all of them; the label `of` of those that succeed has it, too. */
  readonly prefix: string;
  /** Each by how it ended. */
  readonly ended: Readonly<Record<'succeeded' | 'failed' | 'killed' | 'keyed', PresentedJob>>;
  /** Succeeded, and its workflow is deleted. */
  readonly forgotten: PresentedJob;
  /** Its workflow was ended by force while its task ran: it is told as it was last, until somebody reconciles. */
  readonly terminated: PresentedJob;
  /** Runs until {@link openGate}. */
  readonly inFlight: PresentedJob;
  /** Lets the task of `inFlight` end. */
  openGate(): Promise<void>;
  /** Sends the request of the job `keyed` once more. */
  submitKeyed(): Promise<Answer<PresentedJob>>;
}

/** Runs them all. */
export async function runRepairJobs(): Promise<RepairJobs> {
  const prefix = aName('rebuilt');
  const submitKeyed = createSubmitKeyed(`${prefix}-keyed`, greeting(prefix));
  const [succeeded, failed, killed, keyed, terminated, forgotten, inFlight] = await Promise.all([
    runJob(`${prefix}-succeeded`, greeting(prefix)),
    runJob(`${prefix}-failed`, shellJob('exit 3')),
    runKilled(`${prefix}-killed`),
    submitKeyed().then(({ body }) => untilEnded(body.data.id)),
    runTerminated(`${prefix}-terminated`),
    runForgotten(`${prefix}-forgotten`, greeting(prefix)),
    runGated(`${prefix}-in-flight`),
  ]);
  return {
    prefix,
    ended: { succeeded, failed, killed, keyed },
    terminated,
    forgotten,
    inFlight,
    openGate: () => openGate(inFlight),
    submitKeyed,
  };
}

function greeting(prefix: string): JobParameters {
  return shellJob('echo hello | tee /output/hello', { labels: { of: prefix } });
}

function createSubmitKeyed(name: string, parameters: JobParameters): RepairJobs['submitKeyed'] {
  const headers = { 'content-type': 'application/json', prefer: 'respond-async', 'idempotency-key': randomUUID() };
  const body = JSON.stringify({ name, job_parameters: parameters });
  return () => call('POST', '/batch/', { headers, body });
}

async function runKilled(name: string): Promise<PresentedJob> {
  const { id } = await runUntilRunning(name, shellJob('sleep 3600'));
  await call('DELETE', `/batch/${id}`);
  return await untilEnded(id);
}

async function runTerminated(name: string): Promise<PresentedJob> {
  const job = await runUntilRunning(name, shellJob('sleep 3600'));
  await untilRemembered(job);
  await runTool('temporal', 'workflow', 'terminate', '--workflow-id', job.workflow_id);
  return job;
}

/** The mirror may be ahead of the history by a moment, and what ends by force is remembered as its history has it. */
async function untilRemembered({ workflow_id: workflowId, phase }: PresentedJob): Promise<void> {
  await using scope = createScope();
  const { workflow } = await openClient(scope);
  const handle = workflow.getHandle(workflowId);
  while ((await jobIn(await handle.fetchHistory(), readerOf(workflow))).phase !== phase) await delay(100);
}

/** Deletes the workflow with its history, as Temporal itself does when its retention is over; that takes some seconds. */
async function runForgotten(name: string, parameters: JobParameters): Promise<PresentedJob> {
  const job = await runJob(name, parameters);
  await runTool('temporal', 'workflow', 'delete', '--workflow-id', job.workflow_id);
  while (await isKnown(job)) await delay(250);
  return job;
}

async function isKnown({ workflow_id: workflowId }: PresentedJob): Promise<boolean> {
  const query = `WorkflowId = '${workflowId}'`;
  return (await runTool('temporal', 'workflow', 'list', '--query', query, '--output', 'json')).includes(workflowId);
}
