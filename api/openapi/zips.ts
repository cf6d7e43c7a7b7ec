/** The calls about a job's two zips, as the document tells them. */
import { z } from 'zod';
import type { ZodOpenApiOperationObject, ZodOpenApiPathsObject } from 'zod-openapi';
import { filesSchema } from '../schemas/query.ts';
import { zipFilesSchema } from '../schemas/zip-files.ts';
import { answer, plain } from './answers.ts';
import { needs, ofOneJob, path } from './parts.ts';
import { invalid } from './refusals.ts';
import { ANSWERS, REFUSALS } from './samples.ts';

/** A redirection to a zip. */
function redirection(operationId: string, summary: string): ZodOpenApiOperationObject {
  return {
    operationId,
    security: needs('read'),
    summary,
    requestParams: { path },
    responses: {
      ...ofOneJob,
      302: plain('The zip is there.', ['text/html', 'text/plain'], {
        headers: z.object({ Location: z.url().meta({ description: 'A fresh signed address of the zip.' }) }),
      }),
    },
  };
}

function filesOf(operationId: string, summary: string): ZodOpenApiOperationObject {
  return {
    operationId,
    security: needs('read'),
    summary,
    requestParams: { path, query: filesSchema },
    responses: {
      ...ofOneJob,
      200: answer('The first files of the zip.', zipFilesSchema, { files: ANSWERS.files }),
      400: invalid({ badId: REFUSALS.badId }),
    },
  };
}

/** The paths of the zips. */
export const zipPaths: ZodOpenApiPathsObject = {
  '/batch/{id}/output': { get: redirection('getBatchJobOutput', 'The output zip') },
  '/batch/{id}/output/files': { get: filesOf('getBatchJobOutputFiles', 'What is in the output zip') },
  '/batch/{id}/input': { get: redirection('getBatchJobInput', 'The input zip') },
  '/batch/{id}/input/files': { get: filesOf('getBatchJobInputFiles', 'What is in the input zip') },
};
