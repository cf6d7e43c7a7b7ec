/** Environment variables whose values are not in the request: pure functions of what the request says instead. */
import type { EnvironmentValue, SealedValue, SecretValue } from './parameters.ts';

/** What a value of the job with this id is sealed for. */
export function purposeOf(jobId: string, variable: string): string {
  return `${jobId}/${variable}`;
}

/** The sealed values among `environment`, in an order of their own, which never changes. */
export function sealedIn(environment: Readonly<Record<string, EnvironmentValue>> = {}): [string, SealedValue][] {
  const isSealed = (entry: [string, EnvironmentValue]): entry is [string, SealedValue] =>
    typeof entry[1] === 'object' && 'sealed' in entry[1];
  return Object.entries(environment)
    .filter(isSealed)
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
}

/** A Secret, and a key of it, that a variable takes its value from. */
export interface SecretKey {
  readonly name: string;
  readonly key: string;
}

/** Takes `name/key` apart. */
export function secretKeyOf({ secret }: SecretValue): SecretKey {
  const [name = '', key = ''] = secret.split('/', 2);
  return { name, key };
}
