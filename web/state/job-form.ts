/** A job as a form shows it. */
import { parse, quote } from 'shell-quote';
import type { Job, JobParameters, JobRequest } from '../../client/types.ts';

/** Texts of the form. */
export interface FormValues {
  readonly image: string;
  readonly name: string;
  readonly command: string;
  readonly cpu: string;
  readonly memory: string;
  readonly timeout: string;
  readonly environment: string;
  readonly more: string;
}

const EMPTY: FormValues = {
  image: '',
  name: '',
  command: '',
  cpu: '',
  memory: '',
  timeout: '',
  environment: '',
  more: '',
};

/** The form of a job that was, without its name, which is taken; an empty one without a job. */
export function valuesOf(job: Job | undefined): FormValues {
  if (job === undefined) return EMPTY;
  const {
    docker_image: image,
    command = [],
    resources,
    timeout_seconds: timeout,
    environment_variables: environment,
    ...more
  } = job.job_parameters;
  const { limits: allLimits = {}, ...requests } = resources ?? {};
  const { cpu = '', memory = '', ...limits } = allLimits;
  const moreResources = { ...requests, ...(Object.keys(limits).length > 0 && { limits }) };
  const others = Object.entries(environment ?? {}).filter(([, value]) => typeof value !== 'string' && !isHidden(value));
  const rest = {
    ...more,
    ...(Object.keys(moreResources).length > 0 && { resources: moreResources }),
    ...(others.length > 0 && { environment_variables: Object.fromEntries(others) }),
  };
  return {
    image,
    name: '',
    command: quote([...command]),
    cpu,
    memory,
    timeout: timeout?.toString() ?? '',
    environment: linesOf(environment),
    more: Object.keys(rest).length === 0 ? '' : JSON.stringify(rest, undefined, 2),
  };
}

/** Names of the environment whose values the service does not tell: they have to be given again. */
export function hiddenIn({ job_parameters }: Job): string[] {
  const environment = Object.entries(job_parameters.environment_variables ?? {});
  return environment.filter(([, value]) => isHidden(value)).map(([name]) => name);
}

function isHidden(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'sensitive' in value;
}

function linesOf(environment: Job['job_parameters']['environment_variables']): string {
  const texts = Object.entries(environment ?? {}).filter(([, value]) => typeof value === 'string');
  return texts.map(([name, value]) => `${name}=${value as string}`).join('\n');
}

/**
 * The request of a filled form.
 * @param inputFrom the job whose input is taken
 * @throws Error for what cannot be read
 */
export function requestOf(values: FormValues, inputFrom?: string): JobRequest {
  const more = moreOf(values.more);
  const limits = {
    ...more.resources?.limits,
    ...(values.cpu && { cpu: values.cpu }),
    ...(values.memory && { memory: values.memory }),
  };
  const command = wordsOf(values.command);
  const environment = { ...more.environment_variables, ...environmentOf(values.environment) };
  const job_parameters = {
    ...more,
    docker_image: values.image.trim(),
    ...(command.length > 0 && { command }),
    ...(Object.keys(limits).length > 0 && { resources: { ...more.resources, limits } }),
    ...(values.timeout.trim() !== '' && { timeout_seconds: Number(values.timeout) }),
    ...(Object.keys(environment).length > 0 && { environment_variables: environment }),
    ...(inputFrom !== undefined && { input_from: inputFrom }),
  } as JobParameters;
  return { ...(values.name.trim() !== '' && { name: values.name.trim() }), job_parameters };
}

function wordsOf(command: string): string[] {
  const words = parse(command);
  if (words.every((word) => typeof word === 'string')) return words;
  throw new Error("The command has what only a shell understands: write it as sh -c '…'.");
}

function environmentOf(text: string): Record<string, string> {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return Object.fromEntries(
    lines.map((line) => {
      const at = line.indexOf('=');
      if (at < 1) throw new Error(`The environment has a line that is no NAME=VALUE: ${line}`);
      return [line.slice(0, at).trim(), line.slice(at + 1)];
    }),
  );
}

function moreOf(text: string): Partial<JobParameters> {
  if (text.trim() === '') return {};
  try {
    return JSON.parse(text) as Partial<JobParameters>;
  } catch (error) {
    throw new Error(`More parameters are no JSON: ${(error as Error).message}`, { cause: error });
  }
}
