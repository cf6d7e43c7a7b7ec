import type { Job } from '../../workflows/contract.ts';
import type { ApiDeps } from '../deps.ts';

/** Lists show the job at once. Should this fail, the workflow's own mirroring comes a moment later. */
export async function mirror({ store, logger }: Pick<ApiDeps, 'store' | 'logger'>, job: Job): Promise<void> {
  await store.record(job).catch((error: unknown) => {
    logger.warn({ err: error, jobId: job.id }, 'job could not be mirrored');
  });
}
