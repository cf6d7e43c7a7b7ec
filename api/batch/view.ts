import { createHash } from 'node:crypto';
import type { Job } from '../../workflows/contract.ts';
import type { ApiDeps } from '../deps.ts';
import { presentJob } from '../present.ts';
import type { PresentedJob } from '../present.ts';

type ViewDeps = Pick<ApiDeps, 'bucket' | 'settings'>;

/** The job as clients see it, with a fresh URL of its output. */
export async function viewJob(deps: ViewDeps, job: Job): Promise<PresentedJob> {
  return presentJob(job, await outputUrlOf(deps, job));
}

/** A URL under which anyone can get the job's output until it expires; undefined when there is none. */
export async function outputUrlOf({ bucket, settings }: ViewDeps, job: Job): Promise<string | undefined> {
  if (job.output === undefined) return undefined;
  const { object } = job.output;
  return await bucket.signedUrl(object, { expiresMs: settings.outputUrlExpiryMs, downloadName: object });
}

/** Changes with every change of the job; weak, as the signed URL differs each time. */
export function etagOf({ id, revision }: Job): string {
  return `W/"${createHash('sha256').update(`${id} ${revision}`).digest('base64url').slice(0, 16)}"`;
}
