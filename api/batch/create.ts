import { Readable } from 'node:stream';
import type { Context } from 'koa';
import type { Job, StoredObject } from '../../workflows/contract.ts';
import { parseJson, readBytes } from '../body.ts';
import { parseContentDigest, readChecked } from '../content-digest.ts';
import type { ExpectedDigest } from '../content-digest.ts';
import type { ApiDeps } from '../deps.ts';
import { success } from '../envelope.ts';
import { clusterError, invalidParameters, payloadTooLarge, unsupportedMediaType } from '../errors.ts';
import { readForm } from '../form.ts';
import type { Form } from '../form.ts';
import { parseIdempotencyKey } from '../idempotency.ts';
import { parsePrefer, waitOf } from '../prefer.ts';
import { parseJob, parseJobAndInput } from '../schemas/job.ts';
import type { JobSpec } from '../schemas/job.ts';
import { departureOf } from './departure.ts';
import { newestOf } from './find.ts';
import { startOutcomeOf } from './outcome.ts';
import { discardObject, spool, spoolChecked } from './spool.ts';
import { draftJob, startJob } from './start.ts';
import type { Draft } from './start.ts';
import { etagOf, viewJob } from './view.ts';

/** Longest wait that a client may prefer. */
const MAX_START_WAIT_MS = 60_000;

const JSON_TYPE = 'application/json';
const FORM_TYPE = 'multipart/form-data';

/** `POST /batch/`: validates, spools the input, starts the workflow, and waits a while for the job to start. */
export function createBatchJob(deps: ApiDeps) {
  return async (context: Context): Promise<void> => {
    const accepted = await accept(deps, context);
    const job = await waitForStart(deps, context, accepted);
    await answer(deps, context, job);
  };
}

/** What the headers say of a submission. */
interface Submission {
  readonly keyHash: string | undefined;
  readonly digests: readonly ExpectedDigest[];
}

async function accept(deps: ApiDeps, context: Context): Promise<Job> {
  const { maxBodyBytes, maxInputBytes } = deps.settings;
  const submission = {
    keyHash: parseIdempotencyKey(context.headers),
    digests: parseContentDigest(context.headers),
  };
  if (context.request.is(FORM_TYPE)) {
    refuseLarge(context, maxBodyBytes + maxInputBytes);
    return await acceptForm(deps, context, submission);
  }
  if (!context.request.is(JSON_TYPE)) throw unsupportedMediaType(`The request must be ${JSON_TYPE} or ${FORM_TYPE}.`);
  refuseLarge(context, maxBodyBytes);
  const bytes = await readChecked(context.req, submission.digests, () => readBytes(context.req, maxBodyBytes));
  return await acceptJson(deps, await parseJobAndInput(parseJson(bytes)), submission.keyHash);
}

function refuseLarge(context: Context, maxBytes: number): void {
  if ((context.request.length ?? 0) > maxBytes) throw payloadTooLarge(`The request is larger than ${maxBytes} bytes.`);
}

async function acceptJson(deps: ApiDeps, spec: JobSpec, keyHash: string | undefined): Promise<Job> {
  const draft = await draftJob(deps, spec, keyHash);
  const input = spec.inputZip && (await spool(deps, draft.id, Readable.from([spec.inputZip])));
  return await startJob(deps, draft, input);
}

async function acceptForm(deps: ApiDeps, context: Context, submission: Submission): Promise<Job> {
  const { job, input } = await readJobForm(deps, context, submission);
  return input === undefined
    ? await acceptJson(deps, await parseJobAndInput(job), submission.keyHash)
    : await startJob(deps, input.draft, input.stored);
}

interface SpooledInput {
  readonly draft: Draft;
  readonly stored: StoredObject;
}

async function readJobForm(
  deps: ApiDeps,
  { req }: Context,
  { keyHash, digests }: Submission,
): Promise<Form<SpooledInput>> {
  const { maxBodyBytes, maxInputBytes } = deps.settings;
  const spooled: string[] = [];
  async function takeInput(body: unknown, zip: Readable): Promise<SpooledInput> {
    const draft = await draftJob(deps, parseJobBesideInput(body), keyHash);
    const stored = await spoolChecked(deps, draft.id, zip);
    spooled.push(stored.object);
    return { draft, stored };
  }
  try {
    const limits = { maxJobBytes: maxBodyBytes, maxInputBytes };
    return await readChecked(req, digests, () => readForm(req, limits, takeInput));
  } catch (error) {
    // The form turned out to be malformed, or damaged, after its input: nothing is left behind.
    for (const object of spooled) await discardObject(deps, object);
    throw error;
  }
}

function parseJobBesideInput(body: unknown): JobSpec {
  const spec = parseJob(body);
  if (spec.inputZip === undefined) return spec;
  throw invalidParameters({ job_parameters: { input_zip: 'Must be absent when the input comes as a part' } });
}

async function waitForStart(deps: ApiDeps, context: Context, job: Job): Promise<Job> {
  const preferences = parsePrefer(context.get('Prefer'));
  const waitMs = waitOf(preferences, deps.settings.startWaitMs, Math.max(MAX_START_WAIT_MS, deps.settings.startWaitMs));
  if (preferences.respondAsync) context.set('Preference-Applied', 'respond-async');
  if (waitMs === 0) return job;
  const started = ({ status }: Job) => status !== 'created';
  const changed = await deps.changes.waitForJob(job.id, started, waitMs, departureOf(context));
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
