import { createHash } from 'node:crypto';
import type { Job } from '../../workflows/contract.ts';
import type { ApiDeps } from '../deps.ts';
import { presentJob } from '../present.ts';
import type { PresentedJob } from '../present.ts';

type ViewDeps = Pick<ApiDeps, 'bucket' | 'settings'>;

/** The job as clients see it, with a fresh URL of its output. */
export async function viewJob(deps: ViewDeps, job: Job): Promise<PresentedJob> {
  return presentJob(job, job.output && (await downloadUrl(deps, job.output.object)));
}

/** A URL under which anyone can get the object until it expires, as a file of this name. */
export async function downloadUrl(
  { bucket, settings }: ViewDeps,
  object: string,
  downloadName = object,
): Promise<string> {
  return await bucket.signedUrl(object, { expiresMs: settings.outputUrlExpiryMs, downloadName });
}

/** Changes with every change of the job; weak, as the signed URL differs each time. */
export function etagOf({ id, revision }: Job): string {
  return `W/"${createHash('sha256').update(`${id} ${revision}`).digest('base64url').slice(0, 16)}"`;
}
