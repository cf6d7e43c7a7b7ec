import { z } from 'zod';
import {
  DEFAULT_GRACE_SECONDS,
  IMAGE_PULL_POLICIES,
  MAX_TIMEOUT_SECONDS,
  OUTPUTS_ON,
} from '../../workflows/parameters.ts';
import type { JobParameters } from '../../workflows/parameters.ts';
import { invalidParameters } from '../errors.ts';
import { defined } from '../objects.ts';
import { invalidFields, sentenceOf } from './faults.ts';
import type { Issue } from './faults.ts';
import { forbiddenKeyIssues } from './forbidden-keys.ts';
import { IMAGE_JSON_SCHEMA, isImageReference } from './image.ts';
import { inputFromSchema, inputIn, inputIssues, inputUrlSchema, inputZipSchema, ONE_INPUT } from './input.ts';
import type { InputRules, InputUrl } from './input.ts';
import { MAX_NAME_LENGTH, NAME_PATTERN, nameFault } from './name.ts';
import { environmentSchema } from './environment.ts';
import { commandSchema, resourcesSchema } from './parameters.ts';
import { retrySchema } from './retry.ts';
import {
  labelsSchema,
  nodeSelectorSchema,
  objectNameSchema,
  priorityClassSchema,
  storageSchema,
  tolerationsSchema,
} from './scheduling.ts';

/** A valid request for a job. */
export interface JobSpec {
  /** Absent when the client leaves it to us. */
  readonly name?: string;
  /** Without what is sensitive. */
  readonly parameters: JobParameters;
  /** Environment variables that nobody but the task may read; absent when there are none. */
  readonly sensitive?: Readonly<Record<string, string>>;
  /** The decoded `input_zip`. */
  readonly inputZip?: Buffer;
  /** Where the input is taken from. */
  readonly inputUrl?: InputUrl;
  /** Id or name of the job whose input is taken. */
  readonly inputFrom?: string;
}

const nameSchema = z
  .string()
  .transform((name) => name.trim())
  .superRefine((name, context) => {
    const message = name === '' ? undefined : nameFault(name);
    if (message !== undefined) context.addIssue({ code: 'custom', message });
  })
  .meta({
    pattern: NAME_PATTERN,
    description: `Lower case letters, digits and dashes, at most ${MAX_NAME_LENGTH} characters; unique. Blank: made of the image's name and the time.`,
    example: 'words-1527121792553',
  });

const imageSchema = z
  .string()
  .refine(isImageReference, "Must be an image reference, like 'registry/path:tag'")
  .meta({
    ...IMAGE_JSON_SCHEMA,
    description: 'The image that is run; a service may allow some only.',
    example: 'python',
  });

/** Nobody waits for longer for a task that was told to stop. */
const MAX_GRACE_SECONDS = 600;

/** A whole number of seconds, one at least. */
function secondsSchema(maxSeconds: number): z.ZodInt {
  const error = `Must be a whole number of seconds from 1 to ${maxSeconds}`;
  return z.int({ error }).min(1, error).max(maxSeconds, error);
}

const parametersSchema = z
  .strictObject({
    docker_image: imageSchema,
    command: commandSchema.nullish().meta({ description: "Replaces the image's ENTRYPOINT." }),
    args: commandSchema.nullish().meta({ description: "Replaces the image's CMD." }),
    environment_variables: environmentSchema.nullish(),
    resources: resourcesSchema.nullish(),
    timeout_seconds: secondsSchema(MAX_TIMEOUT_SECONDS)
      .nullish()
      .meta({ description: 'Seconds that the task may run; a service may have a limit.', example: 3600 }),
    start_timeout_seconds: secondsSchema(MAX_TIMEOUT_SECONDS).nullish().meta({
      description:
        'Seconds until the first container must run, and again until the task runs after its input has come; a service has a limit.',
      example: 900,
    }),
    grace_seconds: secondsSchema(MAX_GRACE_SECONDS)
      .nullish()
      .meta({
        description: `Seconds that the task has to end by itself when it is stopped; ${DEFAULT_GRACE_SECONDS} without it.`,
        example: 30,
      }),
    outputs_on: z.enum(OUTPUTS_ON, { error: 'Must be success or always' }).nullish().meta({
      description:
        'When the output is kept: of a task that ended with 0, or also of one that failed or ran out of time.',
    }),
    storage: storageSchema.nullish(),
    node_selector: nodeSelectorSchema.nullish(),
    tolerations: tolerationsSchema.nullish(),
    labels: labelsSchema.nullish(),
    priority_class: priorityClassSchema.nullish(),
    queue: objectNameSchema(
      'Queue of Kueue that lets the job go; waiting there counts as starting. A service may allow some only.',
    ).nullish(),
    image_pull_policy: z
      .enum(IMAGE_PULL_POLICIES, { error: 'Must be Always, IfNotPresent or Never' })
      .nullish()
      .meta({ description: 'When the node pulls the image; IfNotPresent without it.' }),
    retry: retrySchema.nullish(),
    input_zip: inputZipSchema.nullish(),
    input_url: inputUrlSchema.nullish(),
    input_from: inputFromSchema.nullish(),
  })
  .meta({ id: 'JobParameters', anyOf: ONE_INPUT, description: 'What is run, and with what.' });

/** The body of `POST /batch/`, as JSON. `status` is accepted and ignored, as the seed shows it in its sample. */
export const jobSchema = z
  .strictObject({
    name: nameSchema.nullish(),
    status: z.unknown().optional().meta({ description: 'Accepted and ignored.', example: 'created' }),
    job_parameters: parametersSchema,
  })
  .meta({
    id: 'JobRequest',
    description: 'A job, as it is asked for: at most 32 levels deep, with at most 10,000 values.',
  });

/**
 * Validates a request for a job, and looks at every entry of its `input_zip`.
 * @throws ApiError (400 InvalidParameters) with all faults at once
 */
export async function parseJobAndInput(body: unknown, rules: InputRules): Promise<JobSpec> {
  const { spec, issues } = validate(body);
  const allIssues = [...issues, ...(await inputIssues(spec ?? inputIn(body), rules))];
  if (spec === undefined || allIssues.length > 0) throw invalidFields(allIssues);
  return spec;
}

interface Validation {
  /** Absent when there are issues. */
  readonly spec?: JobSpec;
  readonly issues: readonly Issue[];
}

function validate(body: unknown): Validation {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw invalidParameters('', 'The request must be a JSON object.');
  }
  const forbidden = forbiddenKeyIssues(body);
  if (forbidden.length > 0) return { issues: forbidden };
  const parsed = jobSchema.safeParse(body, { error: sentenceOf });
  return parsed.success ? { spec: toSpec(parsed.data), issues: [] } : { issues: parsed.error.issues };
}

function toSpec({ name, job_parameters }: z.infer<typeof jobSchema>): JobSpec {
  const { input_zip, input_url, input_from, environment_variables: environment, ...others } = job_parameters;
  const parameters = { ...others, ...(environment && { environment_variables: environment.plain }) };
  const isSensitive = Object.keys(environment?.sensitive ?? {}).length > 0;
  return defined({
    name: name || undefined,
    parameters: withoutNulls(parameters) as JobParameters,
    sensitive: isSensitive ? environment?.sensitive : undefined,
    inputZip: input_zip ?? undefined,
    inputUrl: input_url ?? undefined,
    inputFrom: input_from ?? undefined,
  });
}

/** Null is absent, at every depth. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, inner]) => inner !== null && inner !== undefined);
  return Object.fromEntries(entries.map(([key, inner]) => [key, withoutNulls(inner)]));
}
