import { z } from 'zod';
import type { JobParameters } from '../../workflows/contract.ts';
import { invalidParameters } from '../errors.ts';
import { defined } from '../objects.ts';
import { zipFault } from '../zip.ts';
import { nestFaults, sentenceOf } from './faults.ts';
import { isImageReference } from './image.ts';
import { nameFault } from './name.ts';
import { commandSchema, environmentSchema, resourcesSchema } from './parameters.ts';

/** A valid request for a job. */
export interface JobSpec {
  /** Absent when the client leaves it to us. */
  readonly name?: string;
  readonly parameters: JobParameters;
  /** The decoded `input_zip`. */
  readonly inputZip?: Buffer;
}

const nameSchema = z
  .string()
  .transform((name) => name.trim())
  .superRefine((name, context) => {
    const message = name === '' ? undefined : nameFault(name);
    if (message !== undefined) context.addIssue({ code: 'custom', message });
  });

const imageSchema = z.string().refine(isImageReference, "Must be an image reference, like 'registry/path:tag'");

const inputSchema = z.string().transform((text, context) => {
  const zip = decodeBase64(text);
  const message = zip === undefined ? 'Must be Base64' : zip.length === 0 ? undefined : zipFault(zip);
  if (message !== undefined) context.addIssue({ code: 'custom', message });
  return zip;
});

/** The body of `POST /batch/`, as JSON. `status` is accepted and ignored, as the seed shows it in its sample. */
export const jobSchema = z.strictObject({
  name: nameSchema.nullish(),
  status: z.unknown().optional(),
  job_parameters: z.strictObject({
    docker_image: imageSchema,
    command: commandSchema.nullish(),
    args: commandSchema.nullish(),
    environment_variables: environmentSchema.nullish(),
    resources: resourcesSchema.nullish(),
    input_zip: inputSchema.nullish(),
  }),
});

/**
 * Validates a request for a job.
 * @throws ApiError (400 InvalidParameters) with all faults at once
 */
export function parseJob(body: unknown): JobSpec {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw invalidParameters('', 'The request must be a JSON object.');
  }
  const parsed = jobSchema.safeParse(body, { error: sentenceOf });
  if (!parsed.success) throw invalidParameters(nestFaults(parsed.error.issues));
  return toSpec(parsed.data);
}

function toSpec({ name, job_parameters: { input_zip, ...parameters } }: z.infer<typeof jobSchema>): JobSpec {
  return defined({
    name: name || undefined,
    parameters: toParameters(parameters),
    inputZip: input_zip?.length ? input_zip : undefined,
  });
}

type ParsedParameters = Omit<z.infer<typeof jobSchema>['job_parameters'], 'input_zip'>;

function toParameters(parsed: ParsedParameters): JobParameters {
  const { docker_image, command, args, environment_variables, resources } = parsed;
  return defined({
    docker_image,
    command: command ?? undefined,
    args: args ?? undefined,
    environment_variables: environment_variables ?? undefined,
    resources: resources
      ? defined({ limits: resources.limits ?? undefined, requests: resources.requests ?? undefined })
      : undefined,
  });
}

/** White space is allowed, as encoders break lines. */
function decodeBase64(text: string): Buffer | undefined {
  const compact = text.replaceAll(/\s+/g, '');
  if (compact.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(compact)) return undefined;
  return Buffer.from(compact, 'base64');
}
