/** The environment that a job is given. */
import { parseEnv } from 'node:util';
import type { JobParameters } from '../../client/types.ts';
import { UsageError } from '../errors.ts';
import { pairOf } from './pairs.ts';

/** Where the values of a job's environment come from. */
export interface EnvironmentOptions {
  /** `NAME=VALUE`, or `NAME` for the value that it has here. */
  readonly env?: readonly string[];
  /** The same, kept from everybody but the task. */
  readonly sensitiveEnv?: readonly string[];
  /** `NAME=secret/key`: from a Secret of the cluster. */
  readonly secretEnv?: readonly string[];
  /** Texts of files with a `NAME=VALUE` in each line. */
  readonly envFiles?: readonly string[];
}

type Environment = NonNullable<JobParameters['environment_variables']>;

/** All values by name: of files first, then of options, the last of a name counts. */
export function environmentOf(
  options: EnvironmentOptions,
  own: Readonly<Record<string, string | undefined>>,
): Environment {
  const fromFiles = (options.envFiles ?? []).map((text) => parseEnv(text));
  return Object.assign(
    {},
    ...fromFiles,
    Object.fromEntries((options.env ?? []).map((text) => valueOf(text, '--env', own))),
    Object.fromEntries(
      (options.secretEnv ?? []).map((text) => pairOf(text, '--secret-env')).map(([name, secret]) => [name, { secret }]),
    ),
    Object.fromEntries(
      (options.sensitiveEnv ?? [])
        .map((text) => valueOf(text, '--sensitive-env', own))
        .map(([name, value]) => [name, { value, sensitive: true }]),
    ),
  ) as Environment;
}

function valueOf(text: string, option: string, own: Readonly<Record<string, string | undefined>>): [string, string] {
  if (text.includes('=')) return pairOf(text, option);
  const value = own[text];
  if (value === undefined) throw new UsageError(`${option} ${text} has no value here; write ${option} ${text}=VALUE.`);
  return [text, value];
}
