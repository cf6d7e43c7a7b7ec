import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { WorkflowBundle } from '@temporalio/worker';

/** Where the image has the bundle, and the one whose failures are encoded. */
const READY_BUNDLE = fileURLToPath(new URL('../dist/workflows.js', import.meta.url));
const ENCODING_BUNDLE = fileURLToPath(new URL('../dist/workflows-encoding.js', import.meta.url));

/** @param isEncoding whether failures of workflows are made payloads */
export function readyBundlePath(isEncoding: boolean): string {
  return isEncoding ? ENCODING_BUNDLE : READY_BUNDLE;
}

/**
 * The workflows as they were bundled when the image was made, whose sources do not change. In a checkout there is no such file.
 * @returns undefined when there is none
 */
export async function readReadyBundle(path: string): Promise<WorkflowBundle | undefined> {
  try {
    // Each character is a byte of its own: see bundle.ts.
    return { code: await readFile(path, 'latin1') };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
