/**
 * A job as a MongoDB document and back. Keys that a client or the cluster chose (environment variables, resources, labels)
 * may hold dots and dollars, which not every server accepts in a key: they are escaped on the way in.
 */
import type { Job } from '../workflows/contract.ts';

/** One document of the `jobs` collection: the fields of {@link Job}, with the id as `_id`. */
export type JobDocument = Omit<Job, 'id'> & {
  readonly _id: string;
  /** When the mirror last knew this to be true, in epoch milliseconds. Not a part of the job. */
  readonly recordedMs: number;
  /** The job's labels, each as `key=value`, for an index. Not a part of the job. */
  readonly labelPairs?: readonly string[];
};

const ESCAPES: Readonly<Record<string, string>> = { '%': '%25', '.': '%2E', $: '%24', '\0': '%00' };

/** The document of a job that is known to be true at `recordedMs`. */
export function toDocument(job: Job, recordedMs: number): JobDocument {
  const { id, ...fields } = job;
  return mapKeys({ _id: id, ...fields, recordedMs, labelPairs: labelPairsOf(job) }, escapeKey) as JobDocument;
}

/** The job of a document. */
export function fromDocument(document: JobDocument): Job {
  const { _id: id, recordedMs: _, labelPairs: _pairs, ...fields } = document;
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
