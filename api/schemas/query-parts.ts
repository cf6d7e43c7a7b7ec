/** What query strings are parsed with. */
import { z } from 'zod';
import { documentedAs } from './documented.ts';
import { invalidFields } from './faults.ts';

/** A query string as Koa parses it. */
export type Query = Readonly<Record<string, string | string[] | undefined>>;

/** A parameter that may be given once. */
export const once = z.string({ error: 'Must be given once' });

/** A number of a query string, as text. */
export function wholeNumber(min: number, max: number): z.ZodType<number, string> {
  const message = `Must be a whole number from ${min} to ${max}`;
  return once
    .regex(/^\d{1,9}$/, message)
    .transform(Number)
    .refine((value) => value >= min && value <= max, message)
    .meta(documentedAs({ type: 'integer', minimum: min, maximum: max }));
}

/** Parses a query string by a schema. @throws ApiError 400 when the schema refuses it */
export function parserOf<T extends z.ZodType>(schema: T): (query: Query) => z.infer<T> {
  return (query) => {
    const parsed = schema.safeParse({ ...query });
    if (!parsed.success) throw invalidFields(parsed.error.issues, 'Unknown parameter');
    return parsed.data;
  };
}
