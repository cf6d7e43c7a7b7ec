import { text } from 'node:stream/consumers';
import type { Logger } from 'pino';
import type { Cluster } from '../cluster/client.ts';
import { explainStart } from '../cluster/explain.ts';
import type { ReadLog } from '../cluster/logs.ts';
import { roleOf } from '../cluster/names.ts';
import { findPod, listStartEvents } from '../cluster/pods.ts';
import type { ContainerRole, Job, JobRole } from '../workflows/contract.ts';
import { attemptRefOf } from '../workflows/state.ts';
import type { ExplainJob } from './deps.ts';
import type { JobWorkflows } from './workflows.ts';

/** Nobody waits longer than this for an explanation. */
const PATIENCE_MS = 1_000;

/** What is asked. */
interface Sources {
  readonly cluster: Pick<Cluster, 'listPods' | 'findJob' | 'listEvents' | 'listObjects'>;
  readonly readLog: ReadLog;
  readonly workflows: Pick<JobWorkflows, 'failingStep' | 'forcedEnd'>;
  readonly logger: Logger;
}

/**
 * Explains what a job waits for by asking the cluster at this moment, so that it costs neither history nor mirror. An
 * explanation that does not come, or not in time, is absent: it never fails an answer.
 */
export function createExplainJob(sources: Sources): ExplainJob {
  return async (job) => {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const late = new Promise<undefined>((resolve) => {
      signal.addEventListener('abort', () => {
        resolve(undefined);
      });
    });
    const quiet = (error: unknown) => {
      sources.logger.debug({ err: error, jobId: job.id }, 'job could not be explained');
      return undefined;
    };
    const explanation = async () =>
      (await forcedEndOf(sources, job).catch(quiet)) ??
      (await explain(sources, job, signal).catch(quiet)) ??
      (await stepOf(sources, job).catch(quiet));
    return await Promise.race([explanation(), late]);
  };
}

/** A job that nobody works on any more waits for nothing else. */
async function forcedEndOf({ workflows }: Sources, { name, phase }: Job): Promise<string | undefined> {
  return phase === 'ended' ? undefined : await workflows.forcedEnd(name);
}

/** A step that the cluster or the bucket does not let through is tried again, and says so itself. */
async function stepOf({ workflows }: Sources, { name, phase }: Job): Promise<string | undefined> {
  return phase === 'running' || phase === 'ended' ? undefined : await workflows.failingStep(name);
}

async function explain(sources: Sources, job: Job, signal: AbortSignal): Promise<string | undefined> {
  switch (job.phase) {
    case 'starting':
      return await startOf(sources, job, 'task');
    case 'downloading':
      return await lastLine(sources, job, 'input', signal);
    case 'uploading':
      return (await startOf(sources, job, 'cleanup')) ?? (await lastLine(sources, job, 'cleanup', signal));
    case 'deleting':
      return await leftOf(sources, job);
    case 'queued':
    case 'preparing':
    case 'running':
    case 'ended':
      return explainItself(job);
  }
}

/** What a job waits for, as far as it says so itself: all that is worth to be asked of one that has just changed. Pure. */
export function explainItself(job: Job): string | undefined {
  if (job.phase === 'queued') return 'it waits for its turn: this service limits how many jobs go at one time';
  return job.phase === 'preparing' ? attemptAfter(job) : undefined;
}

/** Why there is another attempt, while it waits for its time. */
function attemptAfter({ attempts = [] }: Job): string | undefined {
  const failure = attempts.at(-1)?.failure;
  return failure && `attempt ${attempts.length + 1} follows: ${failure.reason}: ${failure.message}`;
}

/** What the pod of `role` waits for, or why there is none; undefined once it runs. */
async function startOf({ cluster }: Sources, job: Job, role: JobRole): Promise<string | undefined> {
  const ref = attemptRefOf(job);
  const pod = await findPod(cluster, ref, role);
  if (pod !== undefined && pod.status?.phase !== 'Pending') return undefined;
  return explainStart(pod, await listStartEvents(cluster, ref, role, pod));
}

/** How far a transfer is, as its container says. */
async function lastLine(
  { cluster, readLog }: Sources,
  job: Job,
  container: ContainerRole,
  signal: AbortSignal,
): Promise<string | undefined> {
  const pod = await findPod(cluster, attemptRefOf(job), roleOf(container));
  if (pod?.metadata?.name === undefined) return undefined;
  const line = await text(await readLog(pod.metadata.name, container, { tailLines: 1, signal }));
  return line.trim() || undefined;
}

async function leftOf({ cluster }: Sources, job: Job): Promise<string | undefined> {
  const left = await cluster.listObjects(job);
  return left.length === 0 ? undefined : `still there: ${left.map(({ kind, name }) => `${kind} ${name}`).join(', ')}`;
}
