/** A job as clients see it: what the API presents is typed, documented and tested by these schemas. */
import { z } from 'zod';
import { CONTAINER_ROLES, JOB_PHASES, JOB_STATUSES } from '../../workflows/contract.ts';
import { FAILURE_REASONS } from '../../workflows/failure-reasons.ts';
import {
  IMAGE_PULL_POLICIES,
  OUTPUTS_ON,
  TOLERATION_EFFECTS,
  TOLERATION_OPERATORS,
  STORAGE_MODES,
} from '../../workflows/parameters.ts';
import type { JobParameters } from '../../workflows/parameters.ts';
import type { DeepReadonly } from '../objects.ts';

const words = z.array(z.string());
const texts = z.record(z.string(), z.string());
const time = z.int().min(0);

const toleration = z.strictObject({
  key: z.string().exactOptional(),
  operator: z.enum(TOLERATION_OPERATORS).exactOptional(),
  value: z.string().exactOptional(),
  effect: z.enum(TOLERATION_EFFECTS).exactOptional(),
  tolerationSeconds: z.int().exactOptional(),
});

const environmentValue = z.union([
  z.string(),
  z.strictObject({ secret: z.string() }),
  z.strictObject({ sensitive: z.literal(true) }),
]);

/** A parameter of the contract that is missing here does not compile. */
const parameters = {
  docker_image: z.string().meta({ example: 'python' }),
  command: words.exactOptional(),
  args: words.exactOptional(),
  environment_variables: z.record(z.string(), environmentValue).exactOptional(),
  resources: z.strictObject({ limits: texts.exactOptional(), requests: texts.exactOptional() }).exactOptional(),
  timeout_seconds: z.int().exactOptional(),
  start_timeout_seconds: z.int().exactOptional(),
  grace_seconds: z.int().exactOptional(),
  outputs_on: z.enum(OUTPUTS_ON).exactOptional(),
  storage: z
    .strictObject({
      mode: z.enum(STORAGE_MODES).exactOptional(),
      size: z.string().exactOptional(),
      class: z.string().exactOptional(),
    })
    .exactOptional(),
  node_selector: texts.exactOptional(),
  tolerations: z.array(toleration).exactOptional(),
  labels: texts.exactOptional(),
  priority_class: z.string().exactOptional(),
  queue: z.string().exactOptional(),
  image_pull_policy: z.enum(IMAGE_PULL_POLICIES).exactOptional(),
  retry: z
    .strictObject({
      max_attempts: z.int().exactOptional(),
      reasons: z.array(z.enum(FAILURE_REASONS)).exactOptional(),
      exit_codes: z.array(z.int()).exactOptional(),
      backoff_seconds: z.number().exactOptional(),
      memory_factor: z.number().exactOptional(),
    })
    .exactOptional(),
} satisfies Record<keyof JobParameters, z.ZodType>;

const failure = z.strictObject({
  reason: z.enum(FAILURE_REASONS),
  phase: z.enum(JOB_PHASES).meta({ description: 'What the job was doing when it failed.' }),
  container: z.enum(CONTAINER_ROLES).exactOptional(),
  exit_code: z.int().exactOptional(),
  signal: z.int().exactOptional(),
  message: z.string(),
  hint: z.string().exactOptional().meta({ description: 'What may help.' }),
  retryable: z.boolean().meta({ description: 'The same job may well succeed when it is sent again.' }),
});

const output = z.strictObject({
  bytes: z.int().min(0),
  files: z.int().min(0).meta({ description: 'Files, folders and links in the zip.' }),
  crc32c: z.string().meta({ description: 'CRC32C of the zip, Base64 of the big-endian value.' }),
  complete: z.boolean().meta({
    description: 'False when the task failed, or ran out of time, or when some of the output could not be read.',
  }),
  skipped: z.int().min(1).exactOptional().meta({
    description: 'How many links that lead out of the output, and special files, were left out; absent when none were.',
  }),
});

const attempt = z.strictObject({
  failure,
  exit_code: z.int().exactOptional().meta({ description: 'Of the task; absent when it has none.' }),
  start_time: time.exactOptional().meta({ description: 'When its pod started, in epoch milliseconds.' }),
  stop_time: time.meta({ description: 'When it was given up, in epoch milliseconds.' }),
});

/** A job as clients see it: the seed's fields and ours, times in epoch milliseconds. Unknown fields are absent. */
export const presentedJobSchema = z
  .strictObject({
    created: time.meta({ description: 'When it was accepted, in epoch milliseconds.' }),
    id: z.uuid(),
    job_parameters: z.strictObject(parameters).meta({ description: 'What was asked for, without the input.' }),
    name: z.string(),
    owner: z.string().exactOptional().meta({ description: 'Whose job it is; absent where nobody is asked.' }),
    output_file_url: z.url().exactOptional().meta({ description: 'Where the output is, signed for this answer.' }),
    start_time: time.exactOptional().meta({ description: 'When it started, in epoch milliseconds.' }),
    status: z.enum(JOB_STATUSES),
    stop_time: time.exactOptional().meta({ description: 'When it ended, in epoch milliseconds.' }),
    phase: z.enum(JOB_PHASES).meta({ description: 'What it is doing within its status.' }),
    phase_times: z.partialRecord(z.enum(JOB_PHASES), time).exactOptional().meta({
      description: 'When each phase of the present attempt began, in epoch milliseconds.',
    }),
    explain: z
      .string()
      .exactOptional()
      .meta({ description: 'What a single job waits for, in the words of the cluster, as it is at this moment.' }),
    exit_code: z.int().exactOptional().meta({ description: 'Of the task; absent while unknown.' }),
    failure: failure.exactOptional().meta({ description: 'The first cause of a failure.' }),
    attempts: z.array(attempt).exactOptional().meta({
      description: 'Attempts before the present one, oldest first; absent when there was one only.',
    }),
    output: output.exactOptional().meta({ description: 'The output zip, as it was verified.' }),
    labels: texts.exactOptional().meta({ description: 'As it was sent with.' }),
    released_time: time.exactOptional().meta({
      description: 'When the cluster had nothing of the job left, in epoch milliseconds.',
    }),
    workflow_id: z.string().meta({ description: 'The workflow of the job in Temporal.' }),
    kill_requested: z.boolean().meta({ description: 'A kill is under way, or was.' }),
  })
  .meta({ id: 'Job', description: 'A job. Fields that are not known yet are absent.' });

/** A job as clients see it. */
export type PresentedJob = DeepReadonly<z.output<typeof presentedJobSchema>>;
