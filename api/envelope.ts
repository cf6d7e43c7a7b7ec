import type { ErrorName } from './errors.ts';

/** What every JSON answer looks like. `result` is false exactly when `error` names an error. */
export interface Envelope {
  readonly data: unknown;
  readonly error: ErrorName | '';
  readonly msg: string;
  readonly result: boolean;
}

/** The envelope of an answer. */
export function success(data: unknown, msg = ''): Envelope {
  return { data, error: '', msg, result: true };
}

/** The envelope of a refusal. */
export function refusal(error: ErrorName, msg: string, data: unknown): Envelope {
  return { data, error, msg, result: false };
}
