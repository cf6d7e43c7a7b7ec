/** Query strings, parsed strictly. Unknown parameters are ignored, but by a list: there a typo would widen what is asked for. */
import { z } from 'zod';
import { JOB_STATUSES } from '../../workflows/contract.ts';
import type { JobStatus } from '../../workflows/contract.ts';
import { parseCursor } from '../cursor.ts';
import { invalidParameters } from '../errors.ts';
import { nestFaults } from './faults.ts';

/** A query string as Koa parses it. */
export type Query = Readonly<Record<string, string | string[] | undefined>>;

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 1000;

/** Most lines of the end of a log; whoever wants more takes it whole. */
const MAX_TAIL_LINES = 100_000;

/** Longest long poll, in seconds. */
export const MAX_WAIT_SECONDS = 60;

const once = z.string({ error: 'Must be given once' });

function wholeNumber(min: number, max: number) {
  const message = `Must be a whole number from ${min} to ${max}`;
  return once
    .regex(/^\d{1,9}$/, message)
    .transform(Number)
    .refine((value) => value >= min && value <= max, message);
}

const statusSchema = z
  .union([z.string(), z.array(z.string())])
  .transform((status) => [status].flat().flatMap((part) => part.split(',')))
  .transform((parts) => parts.map((part) => part.trim()).filter((part) => part !== ''))
  .transform(toStatuses);

const labelsSchema = z
  .union([z.string(), z.array(z.string())])
  .transform((labels) => [labels].flat())
  .refine((labels) => labels.every((label) => label.indexOf('=') > 0), 'Must be key=value');

const timeSchema = once.regex(/^\d{1,16}$/, 'Must be epoch milliseconds').transform(Number);

const cursorSchema = once.transform((text, context) => {
  const cursor = parseCursor(text);
  if (cursor === undefined) context.addIssue({ code: 'custom', message: 'Must be the cursor of a next link' });
  return cursor;
});

const listSchema = z.strictObject({
  status: statusSchema.prefault('running'),
  limit: wholeNumber(1, MAX_LIMIT).prefault(String(DEFAULT_LIMIT)),
  name_prefix: once.regex(/^[a-z0-9-]{0,50}$/, 'Must be at most 50 lower case letters, digits and dashes').optional(),
  label: labelsSchema.optional(),
  created_after: timeSchema.optional(),
  created_before: timeSchema.optional(),
  cursor: cursorSchema.optional(),
});

/** A valid query of a list. */
export type ListQuery = z.infer<typeof listSchema>;

const getSchema = z.object({ wait: wholeNumber(0, MAX_WAIT_SECONDS).optional() });

const logsSchema = z.object({
  container: z.enum(['input', 'task', 'cleanup'], { error: 'Must be input, task or cleanup' }).default('task'),
  follow: z
    .enum(['', 'true', 'false', '1', '0'], { error: 'Must be true or false' })
    .default('false')
    .transform((follow) => !['false', '0'].includes(follow)),
  tail: wholeNumber(0, MAX_TAIL_LINES).optional(),
});

/** Which jobs a list holds: `?status=` (default `running`; several by comma; `all`), `?limit=` and the other filters. */
export const parseListQuery = parserOf(listSchema);

/** `?wait=` of a single job, in seconds. */
export const parseGetQuery = parserOf(getSchema);

/** `?container=` (default `task`), `?follow=` and `?tail=` of a log. */
export const parseLogsQuery = parserOf(logsSchema);

function parserOf<T extends z.ZodType>(schema: T): (query: Query) => z.infer<T> {
  return (query) => {
    const parsed = schema.safeParse({ ...query });
    if (!parsed.success) throw invalidParameters(nestFaults(parsed.error.issues, 'Unknown parameter'));
    return parsed.data;
  };
}

function toStatuses(parts: readonly string[], context: z.RefinementCtx): readonly JobStatus[] | 'all' {
  const unknown = parts.filter((part) => part !== 'all' && !isStatus(part));
  if (unknown.length > 0) {
    const message = `Unknown status: ${unknown.join(', ')}. Known are ${JOB_STATUSES.join(', ')} and all`;
    context.addIssue({ code: 'custom', message });
  }
  if (parts.includes('all')) return 'all';
  return parts.length === 0 ? ['running'] : parts.filter(isStatus);
}

function isStatus(text: string): text is JobStatus {
  return (JOB_STATUSES as readonly string[]).includes(text);
}
