import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Command } from 'commander';
import { runDemo } from './demo.ts';
import { watchInterruption } from './interruption.ts';
import { showLogs } from './logs.ts';
import { ownClusterOf } from './own-cluster-settings.ts';
import { endAll, ownChildren } from './proc.ts';
import { localProfile, scaleProfile, testProfile } from './profile.ts';
import { createProgress } from './progress.ts';
import { rebuildMirror } from './rebuild-mirror.ts';
import { prepare, startStack, stopStack } from './stack.ts';
import type { StackOptions } from './stack.ts';
import { showStatus } from './status.ts';

const repository = join(import.meta.dirname, '..', '..');
const profile = localProfile(repository);
const progress = createProgress();
const interruption = watchInterruption((line) => progress.say(line));

/** What `KUBECONFIG` and its companions say. */
function clusterOption(): StackOptions {
  const ownCluster = ownClusterOf(process.env, profile);
  return ownCluster === undefined ? {} : { ownCluster };
}

async function up(options: { serversOnly?: boolean }): Promise<void> {
  await startStack(profile, progress, { ...clusterOption(), serversOnly: options.serversOnly === true });
  await showStatus(profile);
}

async function demo(): Promise<void> {
  const environment = await startStack(profile, progress, clusterOption());
  const outputFolder = join(profile.stateFolder, 'demo');
  await runDemo({ environment, outputFolder, say: (line) => console.log(line) });
}

async function down(): Promise<void> {
  await stopStack(profile);
  progress.say('stopped');
}

async function clean(): Promise<void> {
  for (const beside of [testProfile(repository), scaleProfile(repository)]) await stopStack(beside);
  await stopStack(profile);
  await rm(profile.stateFolder, { recursive: true, force: true });
}

const program = new Command('local').description('The whole of kubernetes-task-runner on this machine');
program
  .command('up')
  .description('start what does not run')
  .option('--servers-only', 'without the API and the worker')
  .action(up);
program.command('demo').description('start what does not run, and run one job').action(demo);
program.command('down').description('stop everything').action(down);
program
  .command('status')
  .description('show what runs and where')
  .action(() => showStatus(profile));
program
  .command('logs [name]')
  .description('show the end of the logs')
  .option('-f, --follow', 'keep on')
  .action((name: string | undefined, options: { follow?: boolean }) =>
    showLogs(profile, name, options.follow === true),
  );
program
  .command('rebuild-mirror')
  .description('restore MongoDB from Temporal and the bucket')
  .action(async () => {
    if (!(await rebuildMirror(profile))) process.exitCode = 1;
  });
program
  .command('build')
  .description('make what the cache lacks')
  .action(async () => void (await prepare(profile, progress, clusterOption().ownCluster)));
program.command('clean').description('stop everything and delete what it kept').action(clean);

try {
  await program.parseAsync();
} catch (error) {
  if (!interruption.happened()) {
    console.error(`\n${error instanceof Error ? error.message : String(error)}`);
    // What else is still being built is of no use now.
    await endAll(await ownChildren(), 3_000);
  }
  process.exitCode = 1;
}
