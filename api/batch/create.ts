import type { Context } from 'koa';
import type { Job } from '../../workflows/contract.ts';
import { createBodyBudget } from '../body-budget.ts';
import type { ApiDeps } from '../deps.ts';
import { success } from '../envelope.ts';
import { clusterError } from '../errors.ts';
import { waitOf } from '../prefer.ts';
import { createHeaders, readHeaders } from '../schemas/headers.ts';
import { acceptJob } from './accept.ts';
import { requestAbortSignal } from '../request-abort-signal.ts';
import { newestOf } from './find.ts';
import { startOutcomeOf } from './outcome.ts';
import { etagOf, viewJob } from './view.ts';

/** All bodies that are held at one time may be as large as so many of the largest. */
const BODIES_AT_ONE_TIME = 8;

/** `POST /batch/`: accepts a job, and waits a while for it to start. */
export function createBatchJob(deps: ApiDeps) {
  const hold = createBodyBudget(BODIES_AT_ONE_TIME * deps.settings.maxBodyBytes);
  return async (context: Context): Promise<void> => {
    const startMs = Date.now();
    const askedMs = performance.now();
    const accepted = await acceptJob(deps, context, hold);
    deps.tracer?.part(accepted.id, { name: 'POST /batch/', startMs, endMs: Date.now() });
    const job = await waitForStart(deps, context, accepted, askedMs);
    await answer(deps, context, job);
  };
}

async function waitForStart(deps: ApiDeps, context: Context, job: Job, askedMs: number): Promise<Job> {
  const { Prefer: preferences } = readHeaders(createHeaders, context);
  const waitMs = waitOf(preferences, deps.settings.startWaitMs);
  if (preferences.respondAsync) context.set('Preference-Applied', 'respond-async');
  if (waitMs === 0) return job;
  const started = ({ status }: Job) => status !== 'created';
  const wait = { timeoutMs: waitMs, signal: requestAbortSignal(context), askedMs };
  const changed = await deps.changes.waitForJob(job.id, started, wait);
  return changed ?? (await newestOf(deps, job));
}

async function answer(deps: ApiDeps, context: Context, job: Job): Promise<void> {
  const outcome = startOutcomeOf(job);
  if (outcome.kind === 'refused') {
    throw clusterError(outcome.message, { ...outcome.evidence, ...(await viewJob(deps, job)) });
  }
  context.set('ETag', etagOf(job));
  context.body = success(await viewJob(deps, job), outcome.message);
}
