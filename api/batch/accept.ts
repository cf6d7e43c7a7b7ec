import { Readable } from 'node:stream';
import type { Context } from 'koa';
import type { Job, StoredObject } from '../../workflows/contract.ts';
import type { JobParameters } from '../../workflows/parameters.ts';
import { principalOf } from '../auth/principal.ts';
import type { Principal } from '../auth/principal.ts';
import type { HeldBytes, HoldBody } from '../body-budget.ts';
import { isLarger, JSON_TYPE, parseJson, readBytes, refuseUnreadable } from '../body.ts';
import { parseContentDigest, readChecked } from '../content-digest.ts';
import type { ExpectedDigest } from '../content-digest.ts';
import type { ApiDeps } from '../deps.ts';
import { jsonTooLarge, payloadTooLarge, unsupportedMediaType } from '../errors.ts';
import type { ApiError } from '../errors.ts';
import { readForm } from '../form.ts';
import type { Form } from '../form.ts';
import { parseIdempotencyKey } from '../idempotency.ts';
import { parseJobAndInput } from '../schemas/job.ts';
import type { JobSpec } from '../schemas/job.ts';
import { spoolInputOf } from './input-of.ts';
import { zipLimitsOf } from './limits.ts';
import { discardObject, spool, spoolNamed, spoolPart } from './spool.ts';
import { draftJob, findEarlier, startJob } from './start.ts';
import type { Draft, Sender } from './start.ts';

const FORM_TYPE = 'multipart/form-data';

/** What the headers say of a submission, and what is held of it. */
interface Submission extends Sender {
  readonly principal: Principal;
  readonly digests: readonly ExpectedDigest[];
  /** What is held of its body. */
  readonly held: HeldBytes;
}

/**
 * Reads a submission, validates it, spools its input and starts its workflow: when this resolves the job is accepted.
 * @throws ApiError 400, 409, 413, 415 or 503; nothing of the submission is left then, unless Temporal did not answer
 */
export async function acceptJob(deps: ApiDeps, context: Context, hold: HoldBody): Promise<Job> {
  using held = hold();
  const { maxBodyBytes, maxInputBytes } = deps.settings;
  const principal = principalOf(context);
  const { owner } = principal;
  refuseUnreadable(context, `the job as ${JSON_TYPE} or ${FORM_TYPE}`);
  const submission: Submission = {
    principal,
    owner,
    keyHash: parseIdempotencyKey(context.headers, owner),
    digests: parseContentDigest(context.headers),
    held,
  };
  if (context.request.is(FORM_TYPE)) {
    if (isLarger(context, maxBodyBytes + maxInputBytes)) throw formTooLarge(maxBodyBytes + maxInputBytes);
    return await acceptForm(deps, context, submission);
  }
  if (!context.request.is(JSON_TYPE)) throw unsupportedMediaType(`The request must be ${JSON_TYPE} or ${FORM_TYPE}.`);
  if (isLarger(context, maxBodyBytes)) throw jsonTooLarge(maxBodyBytes);
  const bytes = await readChecked(context.req, submission.digests, () => readBytes(context.req, maxBodyBytes, held));
  await held.turn();
  return await acceptBody(deps, parseJson(bytes), submission);
}

function formTooLarge(maxBytes: number): ApiError {
  return payloadTooLarge(`The form is larger than ${maxBytes} bytes (API_MAX_BODY_BYTES and API_MAX_INPUT_BYTES).`);
}

/** Accepts a job whose input, if it has one, is in the JSON or named there. */
async function acceptBody(deps: ApiDeps, body: unknown, sender: Submission): Promise<Job> {
  const { settings } = deps;
  const limitsOf = (parameters: Pick<JobParameters, 'storage'>) => zipLimitsOf(parameters, settings);
  const spec = await parseJobAndInput(body, { inputBuckets: settings.inputBuckets, isPart: false, limitsOf });
  const draft = await draftJob(deps, spec, sender);
  const isNamed = spec.inputUrl !== undefined || spec.inputFrom !== undefined;
  const earlier = isNamed ? await findEarlier(deps, draft) : undefined;
  return earlier ?? (await startJob(deps, draft, await spoolGiven(deps, draft.id, spec, sender.principal)));
}

async function spoolGiven(
  deps: ApiDeps,
  id: string,
  { inputZip, inputUrl, inputFrom, parameters }: JobSpec,
  principal: Principal,
): Promise<StoredObject | undefined> {
  const limits = zipLimitsOf(parameters, deps.settings);
  if (inputUrl !== undefined) return await spoolNamed(deps, id, inputUrl, limits);
  if (inputFrom !== undefined) return await spoolInputOf(deps, id, principal, inputFrom, limits);
  return inputZip && (await spool(deps, id, Readable.from([inputZip])));
}

async function acceptForm(deps: ApiDeps, context: Context, submission: Submission): Promise<Job> {
  const { job, input } = await readJobForm(deps, context, submission);
  return input === undefined
    ? await acceptBody(deps, job, submission)
    : await startJob(deps, input.draft, input.stored);
}

interface SpooledInput {
  readonly draft: Draft;
  readonly stored: StoredObject;
}

async function readJobForm(deps: ApiDeps, { req }: Context, submission: Submission): Promise<Form<SpooledInput>> {
  const { maxBodyBytes, maxInputBytes, inputBuckets } = deps.settings;
  const spooled: string[] = [];
  async function takeInput(body: unknown, zip: Readable): Promise<SpooledInput> {
    const draft = await draftJob(deps, await parseJobAndInput(body, { inputBuckets, isPart: true }), submission);
    const stored = await spoolPart(deps, draft.id, zip, zipLimitsOf(draft.spec.parameters, deps.settings));
    spooled.push(stored.object);
    return { draft, stored };
  }
  try {
    const limits = { maxJobBytes: maxBodyBytes, maxInputBytes };
    return await readChecked(req, submission.digests, () => readForm(req, limits, takeInput, submission.held));
  } catch (error) {
    // The form turned out to be malformed, or damaged, after its input: nothing is left behind.
    for (const object of spooled) await discardObject(deps, object);
    throw error;
  }
}
