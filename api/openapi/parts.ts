/** What the calls about jobs have in common. */
import { z } from 'zod';
import type { ZodOpenApiOperationObject, ZodOpenApiResponsesObject } from 'zod-openapi';
import type { Scope } from '../auth/principal.ts';
import { idSchema } from '../schemas/name.ts';
import { ANY_ABOUT_JOBS, away, invalid, missing } from './refusals.ts';
import { PYTHON_JOB, REFUSALS } from './samples.ts';
import { BEARER } from './security.ts';

/** Which job a call is about. */
export const path = z.object({
  id: idSchema.meta({ description: 'The id or the name of the job.', example: PYTHON_JOB.id }),
});

/** What a credential must be good for. */
export function needs(scope: Scope): NonNullable<ZodOpenApiOperationObject['security']> {
  return [{ [BEARER]: [scope] }];
}

/** What every call about one job may answer. */
export const ofOneJob: ZodOpenApiResponsesObject = {
  ...ANY_ABOUT_JOBS,
  400: invalid({ badId: REFUSALS.badId }),
  404: missing,
  503: away,
};
