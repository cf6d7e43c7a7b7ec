import type { DataConverter } from '@temporalio/common';
import { loadWorkerConfig } from '../../config.ts';
import { dataConverterOf } from '../../payload-codec.ts';

/** How this process, by its environment, converts what it gives to Temporal and gets from there. */
export function ownDataConverter(): DataConverter {
  return dataConverterOf(loadWorkerConfig([], process.env));
}
