import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DefaultLogger } from '@temporalio/worker';
import { BINARY_NAMES, needsCompiler } from '../../deploy/local/build.ts';
import type { StackEnvironment } from '../../deploy/local/env-file.ts';
import { stopProcess } from '../../deploy/local/processes.ts';
import { testProfile } from '../../deploy/local/profile.ts';
import type { Profile } from '../../deploy/local/profile.ts';
import { PROGRAM_NAMES } from '../../deploy/local/programs.ts';
import { createProgress } from '../../deploy/local/progress.ts';
import type { Progress } from '../../deploy/local/progress.ts';
import { isDown } from '../../deploy/local/running.ts';
import { startStack, stopStack } from '../../deploy/local/stack.ts';
import { bundleWorkflows } from '../../worker/bundle.ts';
import { forgetWorkflows } from '../support/forget-workflows.ts';
import type { Stage } from './plan.ts';

/** How long the API and the worker get to end by themselves. */
const SERVICE_STOP_MS = 30_000;

const REPOSITORY = join(import.meta.dirname, '..', '..');

/** Settings of our API and worker that differ from those of the stack. */
const SETTINGS: Readonly<Record<Stage['service'], StackEnvironment>> = {
  standard: {},
  'signed-urls': { BUCKET_CREDENTIALS: 'signed-urls' },
};

/** The servers of the tests, and the environment by which a test finds them. */
export interface TestStack {
  readonly profile: Profile;
  /** Starts the servers, and builds them when this machine has none. */
  startServers(): Promise<StackEnvironment>;
  /**
   * Starts the API and the worker for a stage that needs them, with its settings, and stops them for one that needs servers alone: they
   * would take its workflows for their work. Resolves to what the stage's tests get on top of the servers' environment.
   */
  prepare(stage: Pick<Stage, 'needs' | 'service'>): Promise<StackEnvironment>;
  stop(): Promise<void>;
  /** Deletes all that the servers stored. */
  forget(): Promise<void>;
}

export function createTestStack(progress: Progress): TestStack {
  const profile = testProfile(REPOSITORY);
  const quiet = createProgress(() => undefined);
  let isFirstService = true;
  return {
    profile,
    async startServers() {
      await forgetStopped(profile);
      const isCold = await needsCompiler(join(REPOSITORY, 'deploy', 'local', 'servers'), BINARY_NAMES);
      if (isCold) progress.say('this machine has no servers yet: building them takes about six minutes, once');
      const environment = await startStack(profile, isCold ? progress : quiet, { serversOnly: true });
      return { ...environment, TEST_WORKFLOW_BUNDLE: await writeBundle(profile) };
    },
    async prepare({ needs, service }) {
      if (needs !== 'service') return await stopService(profile);
      if (isFirstService) await forgetOpenWorkflows(profile);
      isFirstService = false;
      const programEnvironment = SETTINGS[service];
      await startStack(profile, quiet, { programEnvironment });
      return programEnvironment;
    },
    stop: () => stopStack(profile),
    forget: () => deleteState(profile),
  };
}

/** Deletes the state of an earlier run that failed or was interrupted: its jobs would fail this run. Servers that run were kept on purpose. */
export async function forgetStopped(profile: Profile): Promise<void> {
  if (!(await isDown(profile))) return;
  await stopStack(profile);
  await deleteState(profile);
}

async function deleteState({ stateFolder }: Profile): Promise<void> {
  await rm(stateFolder, { recursive: true, force: true });
}

/** An earlier run may have kept the API and the worker. */
async function stopService(profile: Profile): Promise<StackEnvironment> {
  await Promise.all(PROGRAM_NAMES.map((name) => stopProcess(profile, name, SERVICE_STOP_MS)));
  return {};
}

/** Bundled once for all files of the suites. */
async function writeBundle(profile: Profile): Promise<string> {
  const path = join(profile.stateFolder, 'workflow-bundle.js');
  await writeFile(path, (await bundleWorkflows(new DefaultLogger('ERROR'))).code);
  return path;
}

/** A worker would take the workflows that other suites leave open for its work. */
async function forgetOpenWorkflows({ ports }: Profile): Promise<void> {
  await forgetWorkflows(`127.0.0.1:${ports.temporal}`, 'default');
}
