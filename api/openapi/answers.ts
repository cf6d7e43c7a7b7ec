/** Building blocks of the document: the envelope around an answer's data, and refusals by their names. */
import { z } from 'zod';
import type { ZodOpenApiResponseObject } from 'zod-openapi';
import type { Envelope } from '../envelope.ts';
import type { ErrorName } from '../errors.ts';

/** Example bodies, by a word for each. */
export type Examples = Readonly<Record<string, Envelope>>;

/** More of an answer than its body. */
export type AnswerParts = Pick<ZodOpenApiResponseObject, 'headers' | 'links'>;

const JSON_TYPE = 'application/json';

/** An answer in the envelope; `data` is the schema of its data. */
export function answer(
  description: string,
  data: z.ZodType,
  examples: Examples,
  parts: AnswerParts = {},
): ZodOpenApiResponseObject {
  const schema = z.strictObject({ data, error: z.literal(''), msg: z.string(), result: z.literal(true) });
  return { description, content: { [JSON_TYPE]: { schema, examples: named(examples) } }, ...parts };
}

/** A refusal. */
export interface Refusal {
  /** Why, for the reader. */
  readonly when: string;
  readonly names: readonly [ErrorName, ...ErrorName[]];
  /** Schema of its data; nothing by default. */
  readonly data?: z.ZodType;
  readonly examples: Examples;
  readonly headers?: ZodOpenApiResponseObject['headers'];
}

/** An answer that refuses. */
export function refused({ when, names, data = nothing, examples, headers }: Refusal): ZodOpenApiResponseObject {
  const schema = z.strictObject({ data, error: z.enum(names), msg: z.string(), result: z.literal(false) });
  const content = { [JSON_TYPE]: { schema, examples: named(examples) } };
  return { description: when, content, ...(headers !== undefined && { headers }) };
}

/** A body that is no JSON. */
export function plain(
  description: string,
  types: readonly string[],
  parts: AnswerParts = {},
): ZodOpenApiResponseObject {
  return { description, content: Object.fromEntries(types.map((type) => [type, { schema: z.string() }])), ...parts };
}

const nothing = z.literal('');

const byField: z.ZodType = z
  .record(z.string(), z.union([z.string(), z.lazy(() => byField)]))
  .meta({ id: 'Faults', description: 'What is wrong, field by field, nested as the request is.' });

/** Data of a refused request; blank when `msg` says what is wrong. */
export const faults = z.union([byField, nothing]);

function named(examples: Examples) {
  return Object.fromEntries(Object.entries(examples).map(([name, value]) => [name, { value }]));
}
