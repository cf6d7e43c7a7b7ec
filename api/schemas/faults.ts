import type { z } from 'zod';
import { invalidParameters } from '../errors.ts';
import type { ApiError, Faults } from '../errors.ts';
import { MAX_FAULTS } from './texts.ts';

/** What is wrong at a place of a request. */
export type Issue = z.core.$ZodIssue | Leaf;
type RawIssue = z.core.$ZodRawIssue;

const TYPE_NAMES: Readonly<Record<string, string>> = {
  array: 'a list',
  object: 'an object',
  record: 'an object',
  string: 'a string',
};

/** Sentences for the faults that have none of their own. To be given to zod's parsers as `error`. */
export function sentenceOf(issue: RawIssue): string | undefined {
  if (issue.code !== 'invalid_type') return undefined;
  if (issue.input === undefined) return 'Field is required';
  return `Must be ${TYPE_NAMES[String(issue['expected'])] ?? String(issue['expected'])}`;
}

const CUT = `The request has more than ${MAX_FAULTS} faults: the first ${MAX_FAULTS} are shown.`;

/**
 * 400 with the faults nested as the request is: `{"job_parameters": {"docker_image": "Field is required"}}`. `msg` tells when there are
 * more than {@link MAX_FAULTS}.
 * @param unknown what is said of a key that the schema does not know
 */
export function invalidFields(issues: readonly Issue[], unknown = 'Unknown field'): ApiError {
  const leaves = issues.flatMap((issue) => leavesOf(issue, unknown));
  const faults: Faults = {};
  for (const { path, message } of leaves.slice(0, MAX_FAULTS)) addFault(faults, path.map(String), message);
  return invalidParameters(faults, leaves.length > MAX_FAULTS ? CUT : '');
}

interface Leaf {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

function leavesOf(issue: Issue, unknown: string): Leaf[] {
  if (!('code' in issue) || issue.code !== 'unrecognized_keys') return [{ path: issue.path, message: issue.message }];
  return issue.keys.map((key) => ({ path: [...issue.path, key], message: unknown }));
}

/** Two faults of one field become one text; a fault of a whole object stands beside those of its fields, under ''. */
function addFault(faults: Faults, path: readonly string[], message: string): void {
  const [field = '', ...rest] = path;
  const present = Object.hasOwn(faults, field) ? faults[field] : undefined;
  if (rest.length === 0) {
    if (typeof present === 'object') addFault(present, [''], message);
    else setOwn(faults, field, present === undefined ? message : `${present}. ${message}`);
    return;
  }
  const inner: Faults = typeof present === 'object' ? present : present === undefined ? {} : { '': present };
  setOwn(faults, field, inner);
  addFault(inner, rest, message);
}

/** A client may call a field `__proto__`. */
function setOwn(faults: Faults, field: string, value: string | Faults): void {
  Object.defineProperty(faults, field, { value, enumerable: true, configurable: true, writable: true });
}
