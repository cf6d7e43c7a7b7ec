/** The jobs that have ended, as JSON: what is left to tell of a job when Temporal has forgotten it. */
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { FINAL_STATUSES } from '../workflows/contract.ts';
import type { Job } from '../workflows/contract.ts';
import type { Bucket } from './bucket.ts';
import { BadRecordError, isBadRecord, isObjectExists, isObjectMissing } from './errors.ts';
import { recordObjectOf } from './objects.ts';

/** What a record must have to be shown and listed; all other fields of a job come through as they are. */
const recordSchema = z.looseObject({
  id: z.string(),
  name: z.string(),
  status: z.enum(FINAL_STATUSES),
  revision: z.int(),
  created: z.int(),
  parameters: z.looseObject({ docker_image: z.string() }),
});

/**
 * Keeps the record of a job that has ended, and answers the end that is kept: the first of its revision that anybody wrote, as that may have
 * been told. Each later write of it changes nothing, and another end takes its place.
 * @param signal ends the write
 */
export async function writeRecord(
  bucket: Pick<Bucket, 'write' | 'read'>,
  job: Job,
  signal?: AbortSignal,
): Promise<Job> {
  const content = Buffer.from(JSON.stringify(job));
  const write = (mayReplace: boolean) =>
    bucket.write(recordObjectOf(job.id), Readable.from([content]), {
      contentType: 'application/json',
      mayReplace,
      ...(signal && { signal }),
    });
  try {
    await write(false);
    return job;
  } catch (error) {
    if (!isObjectExists(error)) throw error;
    const kept = await readRecord(bucket, error.object).catch(unlessUnreadable);
    if (kept?.revision === job.revision && kept.status === job.status) return kept;
    await write(true);
    return job;
  }
}

/** For what is no record, or is gone by now: the next one takes its place. */
function unlessUnreadable(error: unknown): undefined {
  if (!isBadRecord(error) && !isObjectMissing(error)) throw error;
}

/**
 * Reads what {@link writeRecord} has kept.
 * @throws BadRecordError when the object is no record; ObjectMissingError or ObjectMismatchError as any read
 */
export async function readRecord(bucket: Pick<Bucket, 'read'>, object: string): Promise<Job> {
  return parseRecord(object, await text(bucket.read(object)));
}

/** The job that `content` of `object` tells of. Pure. */
export function parseRecord(object: string, content: string): Job {
  try {
    const { id } = recordSchema.parse(JSON.parse(content));
    if (recordObjectOf(id) === object) return JSON.parse(content) as Job;
  } catch (cause) {
    throw new BadRecordError(object, { cause });
  }
  throw new BadRecordError(object);
}
