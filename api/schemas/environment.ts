/** Schema of environment variables: texts, texts that nobody may read later, and values of Secrets of the cluster. */
import { z } from 'zod';
import type { SecretValue } from '../../workflows/parameters.ts';
import { documentedAs } from './documented.ts';
import { byteLength, fault, MAX_TEXT_BYTES, objectOfAnything, TEXT_JSON_SCHEMA, textFault } from './texts.ts';

/** Environment variables as they were asked for. */
export interface Environment {
  /** What may be read by everybody who may see the job. */
  readonly plain: Readonly<Record<string, string | SecretValue>>;
  /** What may be read by nobody but the task. */
  readonly sensitive: Readonly<Record<string, string>>;
}

/** Printable ASCII but `=`, as Kubernetes 1.34 accepts; the key `__proto__` is refused wherever it is. */
const VARIABLE_NAME = /^(?!__proto__$)[ -<>-~]+$/;

/** A Secret of the jobs' namespace, and a key of it. */
const SECRET = /^[a-z0-9](?:[-a-z0-9.]{0,251}[a-z0-9])?\/[-._a-zA-Z0-9]{1,253}$/;

const secretSchema = z.strictObject({ secret: z.string().regex(SECRET) });
const sensitiveSchema = z.strictObject({ value: z.string(), sensitive: z.boolean() });

const VALUE_JSON_SCHEMA = {
  anyOf: [
    TEXT_JSON_SCHEMA,
    {
      type: 'object',
      properties: { secret: { type: 'string', pattern: SECRET.source } },
      required: ['secret'],
      additionalProperties: false,
    },
    {
      type: 'object',
      properties: { value: TEXT_JSON_SCHEMA, sensitive: { type: 'boolean' } },
      required: ['value', 'sensitive'],
      additionalProperties: false,
    },
  ],
};

const VALUE_FAULT = 'Must be a string, {"secret": "name/key"} or {"value": "…", "sensitive": true}';

/** Environment variables: names that Kubernetes accepts, {@link MAX_TEXT_BYTES} in all. No fault repeats a value. */
export const environmentSchema = objectOfAnything
  .superRefine(checkEnvironment)
  .transform(divide)
  .meta({
    ...documentedAs({ propertyNames: { pattern: VARIABLE_NAME.source }, additionalProperties: VALUE_JSON_SCHEMA }),
    description: `Environment variables. They arrive byte for byte; at most ${MAX_TEXT_BYTES} bytes in all, with one for the end of each text. A value is a text; \`{"value": "…", "sensitive": true}\`, which is shown and kept nowhere in clear; or \`{"secret": "name/key"}\`, of a Secret on the cluster that the operator lets the owner of the job use.`,
    example: { LANGUAGE: 'en' },
  });

function checkEnvironment(variables: Record<string, unknown>, context: z.RefinementCtx): void {
  for (const [name, value] of Object.entries(variables)) {
    if (!VARIABLE_NAME.test(name)) fault(context, [name], "A name must be printable ASCII without '='");
    const problem = valueFault(value);
    if (problem !== undefined) fault(context, [name], problem);
  }
  const sizeBytes = byteLength(Object.entries(variables).flatMap(([name, value]) => [name, textIn(value)]));
  if (sizeBytes > MAX_TEXT_BYTES) fault(context, [], `Must be at most ${MAX_TEXT_BYTES} bytes in all`);
}

function valueFault(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return textFault(value);
  if (secretSchema.safeParse(value).success) return undefined;
  return sensitiveSchema.safeParse(value).success ? textFault(textIn(value)) : VALUE_FAULT;
}

/** The text of a value that has one. */
function textIn(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'value' in value ? value.value : value;
}

function divide(variables: Record<string, unknown>): Environment {
  const [plain, sensitive]: [Record<string, string | SecretValue>, Record<string, string>] = [{}, {}];
  for (const [name, value] of Object.entries(variables)) {
    const { data } = sensitiveSchema.safeParse(value);
    if (data?.sensitive) sensitive[name] = data.value;
    else plain[name] = data?.value ?? (value as string | SecretValue);
  }
  return { plain, sensitive };
}
