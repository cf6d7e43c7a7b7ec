/** What is sent of a command line. */
import type { JobParameters, JobRequest } from '../../client/types.ts';
import { secondsOf } from './durations.ts';
import { environmentOf } from './environment.ts';
import type { EnvironmentOptions } from './environment.ts';
import { pairsOf } from './pairs.ts';

/** Options of a job, as they are given. What is not given is left to the file, and then to the service. */
export interface JobOptions extends EnvironmentOptions {
  readonly image?: string;
  readonly name?: string;
  readonly entrypoint?: string;
  readonly cpu?: string;
  readonly memory?: string;
  readonly gpu?: string;
  /** `NAME=QUANTITY` of any resource of Kubernetes. */
  readonly resource?: readonly string[];
  readonly timeout?: string;
  readonly startTimeout?: string;
  readonly grace?: string;
  readonly outputsOn?: 'success' | 'always';
  readonly ephemeral?: boolean;
  readonly storageSize?: string;
  readonly storageClass?: string;
  readonly nodeSelector?: readonly string[];
  readonly label?: readonly string[];
  readonly priorityClass?: string;
  readonly queue?: string;
  readonly pull?: JobParameters['image_pull_policy'];
  readonly attempts?: string;
  readonly retryOn?: readonly string[];
  readonly memoryFactor?: string;
}

/** The resource by which clusters count NVIDIA's GPUs. */
const GPU = 'nvidia.com/gpu';

/**
 * The request of a job: what a file holds, and over it what the options say. Words are the arguments of the container.
 * @param own the environment of this process
 * @throws UsageError for what cannot be read; what cannot be done is for the service to say
 */
export function requestOf(
  fromFile: Partial<JobRequest>,
  options: JobOptions,
  words: readonly string[],
  own: Readonly<Record<string, string | undefined>>,
): JobRequest {
  const before = (fromFile.job_parameters ?? {}) as JobParameters;
  const parameters = {
    ...before,
    ...given({
      docker_image: options.image,
      command: options.entrypoint === undefined ? undefined : [options.entrypoint],
      args: words.length === 0 ? undefined : [...words],
      environment_variables: merged(before.environment_variables, environmentOf(options, own)),
      resources: resourcesOf(before.resources, options),
      labels: merged(before.labels, pairsOf(options.label ?? [], '--label')),
      node_selector: merged(before.node_selector, pairsOf(options.nodeSelector ?? [], '--node-selector')),
      storage: merged(before.storage, storageOf(options)),
      retry: merged(before.retry, retryOf(options)),
      ...timesOf(options),
      outputs_on: options.outputsOn,
      priority_class: options.priorityClass,
      queue: options.queue,
      image_pull_policy: options.pull,
    }),
  } as JobParameters;
  return { ...fromFile, ...given({ name: options.name }), job_parameters: parameters };
}

function timesOf({ timeout, startTimeout, grace }: JobOptions) {
  return {
    timeout_seconds: timeout && secondsOf(timeout, '--timeout'),
    start_timeout_seconds: startTimeout && secondsOf(startTimeout, '--start-timeout'),
    grace_seconds: grace && secondsOf(grace, '--grace'),
  };
}

function resourcesOf(before: JobParameters['resources'], { cpu, memory, gpu, resource = [] }: JobOptions) {
  const limits = { ...pairsOf(resource, '--resource'), ...given({ cpu, memory, [GPU]: gpu }) };
  if (Object.keys(limits).length === 0) return undefined;
  return { ...before, limits: { ...before?.limits, ...limits } };
}

function storageOf({ ephemeral, storageSize, storageClass }: JobOptions) {
  return given({ mode: ephemeral === true ? 'ephemeral' : undefined, size: storageSize, class: storageClass });
}

function retryOf({ attempts, retryOn, memoryFactor }: JobOptions) {
  const numbers = (retryOn ?? []).filter((text) => /^\d+$/.test(text)).map(Number);
  const reasons = (retryOn ?? []).filter((text) => !/^\d+$/.test(text));
  return given({
    max_attempts: attempts === undefined ? undefined : Number(attempts),
    reasons: reasons.length === 0 ? undefined : reasons,
    exit_codes: numbers.length === 0 ? undefined : numbers,
    memory_factor: memoryFactor === undefined ? undefined : Number(memoryFactor),
  });
}

/** Both objects in one; undefined when there is nothing in them. */
function merged<T extends object>(before: T | null | undefined, more: object): T | undefined {
  const both = { ...before, ...more };
  return Object.keys(both).length === 0 ? undefined : (both as T);
}

function given<T extends object>(values: T): Partial<T> {
  return Object.fromEntries(
    Object.entries(values).filter(([, value]) => value !== undefined && value !== ''),
  ) as Partial<T>;
}
