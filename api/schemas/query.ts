/** Query strings, parsed strictly. Unknown parameters are ignored, but by a list: there a typo would widen what is asked for. */
import { z } from 'zod';
import { CONTAINER_ROLES, JOB_STATUSES } from '../../workflows/contract.ts';
import type { JobStatus } from '../../workflows/contract.ts';
import { parseCursor } from '../cursor.ts';
import { documentedAs } from './documented.ts';
import { once, parserOf, wholeNumber } from './query-parts.ts';
import { MAX_ENTRIES } from './scheduling.ts';

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 1000;

/** Most lines of the end of a log; whoever wants more takes it whole. */
const MAX_TAIL_LINES = 100_000;

/** The last time that a Date can tell. */
const MAX_TIME_MS = 8.64e15;

/** Longest long poll, in seconds. */
const MAX_WAIT_SECONDS = 60;

/** Statuses by comma, with white space around them; blank parts count for nothing. */
const STATUSES = `\\s*(?:(?:${[...JOB_STATUSES, 'all'].join('|')})\\s*)?`;
const STATUS_LIST = `^${STATUSES}(?:,${STATUSES})*$`;

const statusSchema = z
  .union([z.string(), z.array(z.string())])
  .transform((status) => [status].flat().flatMap((part) => part.split(',')))
  .transform((parts) => parts.map((part) => part.trim()).filter((part) => part !== ''))
  .transform(toStatuses)
  .meta({
    ...documentedAs({ type: 'array', items: { type: 'string', pattern: STATUS_LIST } }),
    description: `Statuses of the jobs, by comma or one by one: ${JOB_STATUSES.join(', ')}; or all.`,
  });

const labelsSchema = z
  .union([z.string(), z.array(z.string())])
  .transform((labels) => [labels].flat())
  .refine((labels) => labels.every((label) => label.indexOf('=') > 0), 'Must be key=value')
  .refine((labels) => labels.length <= MAX_ENTRIES, `Must be at most ${MAX_ENTRIES}`)
  .meta({
    ...documentedAs({ type: 'array', items: { type: 'string', pattern: '^[^=]+=' }, maxItems: MAX_ENTRIES }),
    description: 'A label that the job has, as `key=value`. Several: all must hold.',
  });

const timeSchema = once
  .regex(/^\d{1,16}$/, 'Must be epoch milliseconds')
  .transform(Number)
  .refine((time) => time <= MAX_TIME_MS, 'Must be epoch milliseconds')
  .meta(documentedAs({ type: 'integer', minimum: 0, maximum: MAX_TIME_MS }));

const cursorSchema = once
  .transform((text, context) => {
    const cursor = parseCursor(text);
    if (cursor === undefined) context.addIssue({ code: 'custom', message: 'Must be the cursor of a next link' });
    return cursor;
  })
  .meta({
    pattern: '^[A-Za-z0-9_-]+$',
    description: 'Where the page begins. Opaque: it comes in the address of the next page, and another one is refused.',
  });

/** The query of a list. */
export const listSchema = z.strictObject({
  status: statusSchema.prefault('running').meta(documentedAs({ default: ['running'] })),
  limit: wholeNumber(1, MAX_LIMIT)
    .prefault(String(DEFAULT_LIMIT))
    .meta({ ...documentedAs({ default: DEFAULT_LIMIT }), description: 'Jobs on a page.' }),
  name_prefix: once
    .regex(/^[a-z0-9-]{0,50}$/, 'Must be at most 50 lower case letters, digits and dashes')
    .optional()
    .meta({ description: 'The first characters of the name.' }),
  label: labelsSchema.optional(),
  owner: once.optional().meta({ description: 'Whose jobs; all that the credential may see without it.' }),
  created_after: timeSchema.optional().meta({ description: 'Epoch milliseconds, themselves left out.' }),
  created_before: timeSchema.optional().meta({ description: 'Epoch milliseconds, themselves left out.' }),
  cursor: cursorSchema.optional(),
});

/** A valid query of a list. */
export type ListQuery = z.infer<typeof listSchema>;

/** The query of a single job. */
export const getSchema = z.object({
  wait: wholeNumber(0, MAX_WAIT_SECONDS)
    .optional()
    .meta({ description: "Seconds to wait for the job's next change.", example: 0 }),
});

/** Most bytes of a log that are left out; no kept log is so long. */
const MAX_OFFSET_BYTES = 999_999_999;

/** The query of a log. */
export const logsSchema = z.object({
  container: z
    .enum(CONTAINER_ROLES, { error: 'Must be input, task or cleanup' })
    .default('task')
    .meta({ description: 'Whose log.' }),
  attempt: wholeNumber(1, 99).optional().meta({ description: 'Of which attempt; the last one without it.' }),
  follow: z
    .enum(['', 'true', 'false', '1', '0'], { error: 'Must be true or false' })
    .default('false')
    .transform((follow) => !['false', '0'].includes(follow))
    .meta({ description: 'Waits for the container to start, and goes on until it ends. A bare `follow` is yes.' }),
  tail: wholeNumber(0, MAX_TAIL_LINES).optional().meta({
    description:
      'Lines before the end to begin with, within the last mebibyte of the log. A log that is followed on the cluster begins with all of these lines.',
  }),
  offset: wholeNumber(0, MAX_OFFSET_BYTES).prefault('0').meta({
    description: 'Bytes to leave out, for who has them already: a log only grows. Of `tail`, when that is given, too.',
  }),
});

/** Most files of a zip that are told at one time. */
const MAX_FILES = 10_000;

/** The query of the files of a zip. */
export const filesSchema = z.object({
  limit: wholeNumber(1, MAX_FILES)
    .prefault('1000')
    .meta({
      ...documentedAs({ default: 1000 }),
      description: 'Files that are told, in the order of the zip, as far as their names have at most 4 MiB together.',
    }),
});

/** `?limit=` of the files of a zip. */
export const parseFilesQuery = parserOf(filesSchema);

/** Which jobs a list holds: `?status=` (default `running`; several by comma; `all`), `?limit=` and the other filters. */
export const parseListQuery = parserOf(listSchema);

/** `?wait=` of a single job, in seconds. */
export const parseGetQuery = parserOf(getSchema);

/** `?container=` (default `task`), `?attempt=`, `?follow=`, `?tail=` and `?offset=` of a log. */
export const parseLogsQuery = parserOf(logsSchema);

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
