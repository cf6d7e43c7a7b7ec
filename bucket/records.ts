/** The jobs that have ended, as JSON: what is left to tell of a job when Temporal has forgotten it. */
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { FINAL_STATUSES } from '../workflows/contract.ts';
import type { Job } from '../workflows/contract.ts';
import type { Bucket } from './bucket.ts';
import { contentOf } from './crc32c.ts';
import { BadRecordError, isObjectExists } from './errors.ts';
import { recordObjectOf } from './objects.ts';
import { sameContent } from './stat.ts';

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
 * Keeps the record of a job that has ended. What is there already stays as it is: not every server replaces an object without a gap.
 * @param signal ends the write
 */
export async function writeRecord(
  bucket: Pick<Bucket, 'write' | 'stat'>,
  job: Job,
  signal?: AbortSignal,
): Promise<void> {
  const content = Buffer.from(JSON.stringify(job));
  const write = (mayReplace: boolean) =>
    bucket.write(recordObjectOf(job.id), Readable.from([content]), {
      contentType: 'application/json',
      mayReplace,
      ...(signal && { signal }),
    });
  try {
    await write(false);
  } catch (error) {
    if (!isObjectExists(error)) throw error;
    const stored = await bucket.stat(error.object);
    if (stored === undefined || !sameContent(stored, contentOf(content))) await write(true);
  }
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
