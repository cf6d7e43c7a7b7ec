import type { Context } from 'koa';
import { isFinal } from '../../workflows/contract.ts';
import type { Job } from '../../workflows/contract.ts';
import { givenNameOf } from '../auth/names.ts';
import { principalOf } from '../auth/principal.ts';
import type { ApiDeps } from '../deps.ts';
import { success } from '../envelope.ts';
import { clusterError, invalidParameters } from '../errors.ts';
import { waitOf } from '../prefer.ts';
import { deleteHeaders, readHeaders } from '../schemas/headers.ts';
import { requestAbortSignal } from '../request-abort-signal.ts';
import { askWorkflow, findJob, newestOf } from './find.ts';
import { viewJob } from './view.ts';

/** `DELETE /batch/:id`: kills a job, and waits a while for the proof that nothing of it is left on the cluster. */
export function deleteBatchJob(deps: ApiDeps) {
  return async (context: Context, id: string): Promise<void> => {
    const found = await findJob(deps, principalOf(context), id);
    if (isFinal(found.status)) throw cannotStop(found);
    const job = await kill(deps, context, found);
    if (isFinal(job.status) && job.status !== 'killed') throw cannotStop(job);
    if (!isFinal(job.status)) await refuseWithCluster(deps, job);
    await answer(deps, context, job);
  };
}

async function kill(deps: ApiDeps, context: Context, job: Job): Promise<Job> {
  const isSignalled = (await deps.workflows.kill(job.name)) === 'signalled';
  if (!isSignalled) await askForItsEnd(deps, job);
  const { Prefer: preferences } = readHeaders(deleteHeaders, context);
  const waitMs = waitOf(preferences, deps.settings.killWaitMs);
  const hasEnded = ({ status }: Job) => isFinal(status);
  const wait = { timeoutMs: waitMs, signal: requestAbortSignal(context) };
  const ended = await deps.changes.waitForJob(job.id, hasEnded, wait);
  if (ended !== undefined) return ended;
  const newest = await newestOf(deps, job);
  return isSignalled ? { ...newest, killRequested: true } : newest;
}

/** A job whose workflow has closed has ended, or it was left without an end: then a reconciliation finishes it. */
async function askForItsEnd(deps: ApiDeps, job: Job): Promise<void> {
  const newest = await askWorkflow(deps, job);
  if (isFinal(newest.status)) throw cannotStop(newest);
  await deps.workflows.reconcile().catch((error: unknown) => {
    // It comes by itself, at its next interval.
    deps.logger.warn({ err: error, jobId: job.id }, 'no reconciliation could be asked for');
  });
}

/** The kill goes on, and may succeed later; but the client need not guess why it has not yet. */
async function refuseWithCluster({ workflows }: ApiDeps, { name }: Job): Promise<void> {
  const response = await workflows.refusedDeletion(name);
  if (response === undefined) return;
  throw clusterError(`API request failed when deleting job ${givenNameOf(name)}`, { cluster_response: response });
}

async function answer(deps: ApiDeps, context: Context, job: Job): Promise<void> {
  const isGone = job.status === 'killed';
  context.status = isGone ? 200 : 202;
  const message = isGone
    ? `Instance ${job.id} was successfully deleted from the cluster.`
    : `Instance ${job.id} is being deleted from the cluster.`;
  context.body = success(await viewJob(deps, job), message);
}

function cannotStop({ id, status }: Job): Error {
  return invalidParameters('', `Can't stop batch job ${id}. Status is: ${status}.`);
}
