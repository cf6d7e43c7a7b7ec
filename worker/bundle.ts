import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode } from '@temporalio/worker';
import type { BundleOptions, Logger, WorkflowBundleWithSourceMap } from '@temporalio/worker';

/** Where the workflows are. */
export const WORKFLOWS_PATH = fileURLToPath(new URL('../workflows/index.ts', import.meta.url));

/**
 * Bundles the workflows for Temporal's sandbox, once before the worker starts. Their modules are evaluated once, and not for each job, which
 * would have copies of its own: they keep nothing (a rule of `eslint.config.js` sees to it).
 * @param failureConverterPath module of a failure converter; without it the SDK's own is in the bundle
 */
export async function bundleWorkflows(
  logger?: Logger,
  workflowsPath = WORKFLOWS_PATH,
  failureConverterPath?: string,
): Promise<WorkflowBundleWithSourceMap> {
  const options = { workflowsPath, preloadModules: [workflowsPath], webpackConfigHook: withoutSources };
  const given = { ...(logger && { logger }), ...(failureConverterPath !== undefined && { failureConverterPath }) };
  const bundle = await bundleWorkflowCode({ ...options, ...given });
  return { ...bundle, code: asciiOf(bundle.code) };
}

/** Lines of a stack are told as those of the sources, which are not shown. */
const withoutSources: NonNullable<BundleOptions['webpackConfigHook']> = (config) => ({
  ...config,
  devtool: 'inline-nosources-source-map',
});

/** V8 keeps two bytes for each character as soon as one of them needs two, and the bundle is there several times. */
function asciiOf(code: string): string {
  return code.replaceAll(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
