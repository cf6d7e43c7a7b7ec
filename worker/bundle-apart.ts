import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { WorkflowBundle } from '@temporalio/worker';
import { WORKFLOWS_PATH } from './bundle.ts';

const PROGRAM = fileURLToPath(new URL('bundling.ts', import.meta.url));

/** Of what the program says when it fails, so much of the end is told. */
const WORDS_LIMIT = 2_000;

/** What goes into a bundle. */
interface BundledModules {
  /** By default our workflows. */
  readonly workflowsPath?: string;
  /** By default the SDK's own converter is in it. */
  readonly failureConverterPath?: string | undefined;
}

/**
 * Bundles the workflows in a process of its own, so that the worker does not keep for good what a bundler takes of memory.
 * @param signal ends that process
 * @throws Error with what it said when it fails, or the reason of an abort
 */
export async function bundleApart(
  logLevel: string,
  signal: AbortSignal,
  { workflowsPath = WORKFLOWS_PATH, failureConverterPath }: BundledModules = {},
): Promise<WorkflowBundle> {
  const paths = [workflowsPath, ...(failureConverterPath === undefined ? [] : [failureConverterPath])];
  const child = spawn(process.execPath, ['--no-warnings', PROGRAM, logLevel, ...paths], {
    stdio: ['ignore', 'inherit', 'pipe', 'pipe'],
    signal,
  });
  const [code, words] = await Promise.all([
    text(child.stdio[3] as Readable),
    text(child.stderr as Readable),
    once(child, 'close'),
  ]);
  if (child.exitCode === 0) return { code };
  const end = words.trim().slice(-WORDS_LIMIT);
  throw new Error(`the workflows were not bundled, which ended by ${child.signalCode ?? child.exitCode}: ${end}`);
}
