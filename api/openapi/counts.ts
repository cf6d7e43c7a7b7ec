/** The call about all jobs together, as the document tells it. */
import type { ZodOpenApiPathsObject } from 'zod-openapi';
import { countsSchema, jobCountsSchema } from '../schemas/counts.ts';
import { answer } from './answers.ts';
import { needs } from './parts.ts';
import { ANY_ABOUT_JOBS, away, invalid } from './refusals.ts';
import { ANSWERS, REFUSALS } from './samples.ts';

/** Its path. */
export const countPaths: ZodOpenApiPathsObject = {
  '/counts': {
    get: {
      operationId: 'countJobs',
      security: needs('read'),
      summary: 'Jobs by status, over time',
      requestParams: { query: countsSchema },
      responses: {
        ...ANY_ABOUT_JOBS,
        200: answer('How many jobs came, by what has become of them.', jobCountsSchema, { counts: ANSWERS.counts }),
        400: invalid({ badWait: REFUSALS.badWait }),
        503: away,
      },
    },
  },
};
