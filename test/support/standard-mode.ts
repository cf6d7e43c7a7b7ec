import type { JobParameters, StorageMode } from '../../workflows/parameters.ts';
import { currentVariant } from './variants.ts';

/** Storage mode of a job that asks for none, in the variant of this run. */
export function standardMode(): StorageMode {
  return currentVariant() === 'one-pod' ? 'ephemeral' : 'persistent';
}

/** The job as this variant sends it: in its storage mode, unless the job chooses one, or asks for claims of a class. */
export function inStandardMode<T extends object>(parameters: T & Pick<JobParameters, 'storage'>): T {
  const { storage } = parameters;
  const isDecided = storage?.mode !== undefined || storage?.class !== undefined;
  if (isDecided || standardMode() === 'persistent') return parameters;
  return { ...parameters, storage: { ...storage, mode: standardMode() } };
}
