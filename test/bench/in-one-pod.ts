import type { JobParameters } from '../../workflows/parameters.ts';

/** The same job without claims and cleanup Job: one pod does all of it. */
export function inOnePod(parameters: JobParameters): JobParameters {
  return { ...parameters, storage: { ...parameters.storage, mode: 'ephemeral' } };
}
