/**
 * Temporal's codec server: the Web UI and the command line send it encrypted payloads of a history, and show what it makes of them. See
 * https://docs.temporal.io/codec-server.
 */
import type Router from '@koa/router';
import type { Payload, PayloadCodec } from '@temporalio/common';
import type { Context } from 'koa';
import { SealError } from '../sealing.ts';
import { requireScope } from './auth/principal.ts';
import { createBodyBudget } from './body-budget.ts';
import type { HoldBody } from './body-budget.ts';
import { isLarger, JSON_TYPE, parseJson, readBytes, refuseUnreadable } from './body.ts';
import type { ApiDeps } from './deps.ts';
import { invalidParameters, jsonTooLarge, unsupportedMediaType } from './errors.ts';
import { createRouter } from './router.ts';
import { parsePayloads } from './schemas/payloads.ts';
import type { JsonPayload } from './schemas/payloads.ts';
import { askWhoCalls } from './who-calls.ts';

/** Largest body: Temporal takes payloads of 2 MiB, which have a third more as JSON. */
const MAX_BODY_BYTES = 4 * 1024 ** 2;
const BODIES_AT_ONE_TIME = 4;

type Convert = PayloadCodec['decode'];

/** A history has the jobs of all owners. */
export function createCodecRouter(deps: ApiDeps): Router {
  const router = createRouter('/codec');
  const hold = createBodyBudget(BODIES_AT_ONE_TIME * MAX_BODY_BYTES);
  const { payloadCodec } = deps;
  router.use(...askWhoCalls(deps), requireScope('admin'));
  router.post(
    '/decode',
    converting((payloads) => payloadCodec.decode(payloads), hold),
  );
  router.post(
    '/encode',
    converting((payloads) => payloadCodec.encode(payloads), hold),
  );
  return router;
}

function converting(convert: Convert, hold: HoldBody) {
  return async (context: Context): Promise<void> => {
    using held = hold();
    refuseUnreadable(context, `the payloads as ${JSON_TYPE}`);
    if (!context.request.is(JSON_TYPE)) throw unsupportedMediaType(`The request must be ${JSON_TYPE}.`);
    if (isLarger(context, MAX_BODY_BYTES)) throw jsonTooLarge(MAX_BODY_BYTES);
    const payloads = parsePayloads(parseJson(await readBytes(context.req, MAX_BODY_BYTES, held)));
    const converted = await convert(payloads.map(fromJson)).catch(refuseSealed);
    context.body = { payloads: converted.map(toJson) };
  };
}

function refuseSealed(error: unknown): never {
  if (error instanceof SealError) throw invalidParameters('', `A payload cannot be read: ${error.message}.`);
  throw error;
}

/** As protobuf writes it in JSON: bytes in Base64. */
function fromJson({ metadata = {}, data }: JsonPayload): Payload {
  const entries = Object.entries(metadata).map(([name, value]) => [name, Buffer.from(value, 'base64')] as const);
  return { metadata: Object.fromEntries(entries), data: Buffer.from(data ?? '', 'base64') };
}

function toJson({ metadata, data }: Payload): JsonPayload {
  const entries = Object.entries(metadata ?? {}).map(([name, value]) => [name, base64Of(value)] as const);
  return { metadata: Object.fromEntries(entries), data: base64Of(data) };
}

function base64Of(bytes: Uint8Array | null | undefined): string {
  return Buffer.from(bytes ?? []).toString('base64');
}
