/** The calls about jobs, as the document tells them. */
import { z } from 'zod';
import type { ZodOpenApiOperationObject, ZodOpenApiPathsObject } from 'zod-openapi';
import { createHeaders, deleteHeaders, eventsHeaders, getHeaders } from '../schemas/headers.ts';
import { NO_INPUT } from '../schemas/input.ts';
import { jobSchema } from '../schemas/job.ts';
import { presentedJobSchema } from '../schemas/presented.ts';
import { getSchema, listSchema, logsSchema } from '../schemas/query.ts';
import { answer, plain } from './answers.ts';
import { codecPaths } from './codec.ts';
import { countPaths } from './counts.ts';
import { needs, ofOneJob, path } from './parts.ts';
import { zipPaths } from './zips.ts';
import {
  ANY_ABOUT_JOBS,
  away,
  awayOrBusy,
  invalid,
  keyReused,
  refusedByCluster,
  tooLarge,
  wrongType,
} from './refusals.ts';
import { ANSWERS, REFUSALS, REQUESTS } from './samples.ts';

const etag = z.object({ ETag: z.string().meta({ description: 'Changes with every change of the job.' }) });

/** Where a job's id, once it is known, can be put. */
const links = Object.fromEntries(
  ['getBatchJob', 'deleteBatchJob', 'getBatchJobEvents'].map((operationId) => [
    operationId,
    { operationId, parameters: { id: '$response.body#/data/id' } },
  ]),
);

/** An input is sent once. */
const noOtherInput = {
  properties: { job: { properties: { job_parameters: NO_INPUT } } },
};

const form = z
  .strictObject({
    job: jobSchema,
    input: z.string().exactOptional().meta({
      format: 'binary',
      contentMediaType: 'application/zip',
      description: 'The input zip, after the part `job`. It is streamed.',
    }),
  })
  .meta({ dependentSchemas: { input: noOtherInput } });

/** One event of a stream: OpenAPI has no word for the stream itself. */
const event = z.object({
  id: z
    .string()
    .regex(/^[0-9]+$/)
    .meta({ description: 'The revision of the job, which grows with every change.' }),
  event: z.literal('job'),
  data: z.string().meta({
    contentMediaType: 'application/json',
    contentSchema: { $ref: '#/components/schemas/Job' },
    description: 'The job.',
  }),
});

const listed = answer(
  'The jobs that meet every parameter.',
  z.array(presentedJobSchema),
  { list: ANSWERS.list },
  {
    headers: z.object({
      Link: z.string().exactOptional().meta({ description: 'The next page, as `rel="next"`; absent on the last.' }),
    }),
  },
);

/** One event of the stream of a list. */
const listEvent = z.object({
  event: z.literal('jobs'),
  data: z.string().meta({
    contentMediaType: 'application/json',
    contentSchema: {
      type: 'object',
      required: ['jobs'],
      properties: {
        jobs: { type: 'array', items: { $ref: '#/components/schemas/Job' } },
        next_cursor: { type: 'string' },
      },
    },
    description: 'The jobs of the page, and where the next one begins; absent on the last.',
  }),
});

const list: ZodOpenApiOperationObject = {
  operationId: 'listBatchJobs',
  security: needs('read'),
  summary: 'Lists jobs, newest first',
  description: 'Who accepts `text/event-stream` alone gets the page as it is, and as it is after each change.',
  requestParams: { query: listSchema },
  responses: {
    ...ANY_ABOUT_JOBS,
    200: {
      ...listed,
      content: { ...listed.content, 'text/event-stream': { schema: listEvent, example: ANSWERS.listEvent } },
    },
    400: invalid({ unknownParameter: REFUSALS.unknownParameter }),
    503: away,
  },
};

const create: ZodOpenApiOperationObject = {
  operationId: 'createBatchJob',
  security: needs('submit'),
  summary: 'Sends a job',
  description: 'The answer comes when the job has started, or some seconds later: see `Prefer`.',
  requestParams: { header: createHeaders },
  requestBody: {
    required: true,
    content: {
      'application/json': {
        schema: jobSchema,
        examples: { smallest: { value: REQUESTS.smallest }, whole: { value: REQUESTS.whole } },
      },
      'multipart/form-data': {
        schema: form,
        encoding: { job: { contentType: 'application/json' }, input: { contentType: 'application/zip' } },
      },
    },
  },
  responses: {
    ...ANY_ABOUT_JOBS,
    200: answer(
      'The job.',
      presentedJobSchema,
      { job: ANSWERS.job, instant: ANSWERS.instant },
      {
        headers: etag.extend({
          'Preference-Applied': z
            .string()
            .exactOptional()
            .meta({ description: 'Said when `respond-async` was heard.' }),
        }),
        links,
      },
    ),
    400: invalid({ missingField: REFUSALS.missingField }),
    409: keyReused,
    413: tooLarge,
    415: wrongType,
    500: refusedByCluster(
      'The job failed before it ran',
      presentedJobSchema.extend({
        cluster_response: z.unknown().optional().meta({ description: "The cluster's own answer." }),
        last_pod_response: z.unknown().optional().meta({ description: 'The pod that did not start.' }),
      }),
      { notStarted: REFUSALS.notStarted },
    ),
    503: awayOrBusy,
  },
};

const get: ZodOpenApiOperationObject = {
  operationId: 'getBatchJob',
  security: needs('read'),
  summary: 'Shows one job',
  requestParams: { path, query: getSchema, header: getHeaders },
  responses: {
    ...ofOneJob,
    200: answer('The job.', presentedJobSchema, { job: ANSWERS.job }, { headers: etag }),
    400: invalid({ badId: REFUSALS.badId, badWait: REFUSALS.badWait }),
  },
};

const kill: ZodOpenApiOperationObject = {
  operationId: 'deleteBatchJob',
  security: needs('kill'),
  summary: 'Kills a job',
  description: 'The answer comes when nothing of it is left on the cluster, or some seconds later: see `Prefer`.',
  requestParams: { path, header: deleteHeaders },
  responses: {
    ...ofOneJob,
    200: answer('The job is killed.', presentedJobSchema, { killed: ANSWERS.killed }),
    202: answer('The job is being killed.', presentedJobSchema, { killing: ANSWERS.killing }),
    400: invalid({ badId: REFUSALS.badId, cannotStop: REFUSALS.cannotStop }),
    500: refusedByCluster(
      'The cluster refuses the deletion, which is tried again',
      z.strictObject({ cluster_response: z.unknown().meta({ description: "The cluster's own answer." }) }),
      { notDeleted: REFUSALS.notDeleted },
    ),
  },
};

const events: ZodOpenApiOperationObject = {
  operationId: 'getBatchJobEvents',
  security: needs('read'),
  summary: "The job's states as they come",
  description: 'Server-sent events called `job`. `data` is what `GET /batch/{id}` has as `data`, `id` the revision.',
  requestParams: { path, header: eventsHeaders },
  responses: {
    ...ofOneJob,
    200: {
      description: 'The job as it is, and after each change.',
      content: { 'text/event-stream': { schema: event, example: ANSWERS.event } },
    },
    204: { description: 'The client has seen the last state.' },
  },
};

const logs: ZodOpenApiOperationObject = {
  operationId: 'getBatchJobLogs',
  security: needs('read'),
  summary: 'The log of a container',
  requestParams: { path, query: logsSchema },
  responses: {
    ...ofOneJob,
    200: plain('The log.', ['text/plain']),
    400: invalid({ badId: REFUSALS.badId, badContainer: REFUSALS.badContainer }),
  },
};

/** The paths of jobs. */
export const batchPaths: ZodOpenApiPathsObject = {
  '/batch/': { get: list, post: create },
  '/batch/{id}': { get, delete: kill },
  '/batch/{id}/events': { get: events },
  '/batch/{id}/logs': { get: logs },
  ...zipPaths,
  ...countPaths,
  ...codecPaths,
};
