/** The calls about the service itself, as the document tells them. */
import { z } from 'zod';
import type { ZodOpenApiPathsObject } from 'zod-openapi';
import { DOCS_ASSETS } from '../docs/assets.ts';
import { refusal, success } from '../envelope.ts';
import { answer, plain, refused } from './answers.ts';
import { ANY_BY_NAME, ANYWHERE, notReady } from './refusals.ts';

const readiness = { temporal: 'ok', mongodb: 'ok', bucket: 'ok' };

const unchanged = { description: 'The client has it already.' };

/** The paths of everything but jobs. */
export const servicePaths: ZodOpenApiPathsObject = {
  '/livez': {
    get: {
      operationId: 'getLiveness',
      summary: 'The process answers',
      responses: { ...ANYWHERE, 200: answer('It does.', z.literal('ok'), { alive: success('ok') }) },
    },
  },
  '/readyz': {
    get: {
      operationId: 'getReadiness',
      summary: 'Temporal, MongoDB and the bucket answer too',
      responses: {
        ...ANYWHERE,
        200: answer('They do.', z.record(z.string(), z.literal('ok')), { ready: success(readiness) }),
        503: notReady,
      },
    },
  },
  '/openapi.json': {
    get: {
      operationId: 'getDocument',
      summary: 'This document',
      responses: {
        ...ANY_BY_NAME,
        200: {
          description: 'The document.',
          content: { 'application/json': { schema: z.looseObject({ openapi: z.string() }) } },
        },
      },
    },
  },
  '/docs': {
    get: {
      operationId: 'getDocs',
      summary: 'A page to read this document and to try the calls',
      responses: { ...ANY_BY_NAME, 200: plain('The page.', ['text/html']), 304: unchanged },
    },
  },
  '/docs/{asset}': {
    get: {
      operationId: 'getDocsAsset',
      summary: 'What that page is made of',
      requestParams: { path: z.object({ asset: z.enum(DOCS_ASSETS) }) },
      responses: {
        ...ANY_BY_NAME,
        200: plain('The file.', ['text/css', 'text/javascript', 'image/png']),
        304: unchanged,
        404: refused({
          when: 'There is no such file.',
          names: ['DoesNotExist'],
          examples: { missing: refusal('DoesNotExist', 'There is nothing at this address.', '') },
        }),
      },
    },
  },
};
