/**
 * A job as a MongoDB document and back. Keys that a client or the cluster chose (environment variables, resources, labels)
 * may hold dots and dollars, which not every server accepts in a key: they are escaped on the way in.
 */
import type { Job } from '../workflows/contract.ts';

/**
 * One document of the `jobs` collection. The job is a document of its own which begins with its revision: MongoDB compares documents field
 * by field, so that of two states of a job the later one is the greater, and `$max` keeps it.
 */
export interface JobDocument {
  readonly _id: string;
  readonly job: JobState;
  /** The job's labels, each as `key=value`, for an index. Not a part of the job. */
  readonly labelPairs?: readonly string[];
}

/** A job without its id. */
type JobState = Omit<Job, 'id'> & {
  /** When the mirror last knew this to be true, in epoch milliseconds: of two looks at one revision the later is the greater. Not a part of the job. */
  readonly recordedMs: number;
};

const ESCAPES: Readonly<Record<string, string>> = { '%': '%25', '.': '%2E', $: '%24', '\0': '%00' };

/** The document of a job that is known to be true at `recordedMs`. */
export function toDocument(job: Job, recordedMs: number): JobDocument {
  const { id: _id, revision, ...fields } = job;
  const document = { _id, job: { revision, recordedMs, ...fields }, labelPairs: labelPairsOf(job) };
  return mapKeys(document, escapeKey) as JobDocument;
}

/** The job of a document. */
export function fromDocument({ _id: id, job: { recordedMs: _, ...fields } }: JobDocument): Job {
  return mapKeys({ id, ...fields }, unescapeKey) as Job;
}

function labelPairsOf({ parameters: { labels } }: Job): readonly string[] | undefined {
  return labels && Object.entries(labels).map(([key, value]) => `${key}=${value}`);
}

function escapeKey(key: string): string {
  return key.replaceAll(/[%.$\0]/g, (character) => ESCAPES[character] ?? character);
}

function unescapeKey(key: string): string {
  return key.replaceAll(/%(25|2E|24|00)/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
}

function mapKeys(value: unknown, mapKey: (key: string) => string): unknown {
  if (Array.isArray(value)) return value.map((item) => mapKeys(item, mapKey));
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  return Object.fromEntries(entries.map(([key, inner]) => [mapKey(key), mapKeys(inner, mapKey)]));
}
