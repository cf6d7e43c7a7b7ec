import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import type { PresentedJob } from '../../api/present.ts';
import { aName, downloadOutput, shellJob, submit, untilEnded } from './job-client.ts';
import { assertWorldAfter } from './world.ts';
import { entriesOf, zipOf } from './zip-entries.ts';

/** A copy that is tried within a workflow task, and one that is an activity of its own: noise as text loses a quarter in a zip. */
const SIZES_BYTES = [5, 12 * 1024 ** 2];

/** A job of which a copy within the bucket is held. */
export interface Copying {
  readonly job: PresentedJob;
  readonly step: 'upload' | 'publish';
  readonly sizeBytes: number;
}

/** Submits jobs whose inputs are copied, and jobs whose outputs are. */
export async function submitCopies(): Promise<Copying[]> {
  const uploading = async (sizeBytes: number) => {
    const input = await zipOf({ a: { content: randomBytes(sizeBytes).toString('base64').slice(0, sizeBytes) } });
    const { body } = await submit(aName('upload'), shellJob('cp /input/a /output/a'), input);
    return { job: body.data, step: 'upload', sizeBytes } as const;
  };
  const publishing = async (sizeBytes: number) => {
    const { body } = await submit(aName('publish'), shellJob(`base64 /dev/urandom | head -c ${sizeBytes} > /output/a`));
    return { job: body.data, step: 'publish', sizeBytes } as const;
  };
  return await Promise.all(SIZES_BYTES.flatMap((sizeBytes) => [uploading(sizeBytes), publishing(sizeBytes)]));
}

export async function assertCopied({ job, sizeBytes }: Copying): Promise<void> {
  const end = await untilEnded(job.id);
  assert.equal(end.status, 'succeeded', JSON.stringify(end));
  assert.equal((await entriesOf(await downloadOutput(end)))['a']?.content.length, sizeBytes);
  await assertWorldAfter(end);
}
