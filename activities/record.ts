import type { Job } from '../workflows/contract.ts';
import type { ActivityDeps } from './deps.ts';

/** Mirrors the state of a job to MongoDB; a later revision that is there already stays. */
export function createRecord({ store }: ActivityDeps) {
  return async function record(job: Job): Promise<void> {
    await store.record(job);
  };
}
