import { STORAGE_MODES } from '../../workflows/parameters.ts';
import type { JobParameters, StorageMode } from '../../workflows/parameters.ts';

/** Where the files of jobs lie in this ring. */
export function standardMode(): StorageMode {
  const asked = process.env['TEST_STORAGE_MODE'] ?? 'persistent';
  const mode = STORAGE_MODES.find((known) => known === asked);
  if (mode === undefined) throw new Error(`TEST_STORAGE_MODE is ${asked}: there are ${STORAGE_MODES.join(', ')}`);
  return mode;
}

/** The job as this ring sends it: in the ring's form, unless it says another one, or asks for claims of a class. */
export function inStandardMode<T extends object>(parameters: T & Pick<JobParameters, 'storage'>): T {
  const { storage } = parameters;
  const isDecided = storage?.mode !== undefined || storage?.class !== undefined;
  if (isDecided || standardMode() === 'persistent') return parameters;
  return { ...parameters, storage: { ...storage, mode: standardMode() } };
}
