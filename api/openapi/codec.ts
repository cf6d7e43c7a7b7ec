/** The calls of Temporal's codec server, as the document tells them. */
import type { ZodOpenApiOperationObject, ZodOpenApiPathsObject } from 'zod-openapi';
import { payloadsSchema } from '../schemas/payloads.ts';
import { needs } from './parts.ts';
import { ANY_ABOUT_JOBS, awayOrBusy, invalid, tooLarge, wrongType } from './refusals.ts';
import { REFUSALS } from './samples.ts';

const EXAMPLE = { payloads: [{ metadata: { encoding: 'anNvbi9wbGFpbg==' }, data: 'InRlc3QiCg==' }] };
const content = { 'application/json': { schema: payloadsSchema, example: EXAMPLE } };

function converting(operationId: string, summary: string): ZodOpenApiOperationObject {
  return {
    operationId,
    security: needs('admin'),
    summary,
    requestBody: { required: true, content },
    responses: {
      ...ANY_ABOUT_JOBS,
      200: { description: 'The payloads, without an envelope, as Temporal has it.', content },
      400: invalid({ unreadable: REFUSALS.unreadablePayload }),
      413: tooLarge,
      415: wrongType,
      503: awayOrBusy,
    },
  };
}

/** Its paths. */
export const codecPaths: ZodOpenApiPathsObject = {
  '/codec/decode': { post: converting('decodePayloads', "Decrypts payloads for Temporal's Web UI and command line") },
  '/codec/encode': { post: converting('encodePayloads', 'Encrypts payloads, as this deployment does') },
};
