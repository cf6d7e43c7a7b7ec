import { join } from 'node:path';
import { after } from 'node:test';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { buildServers } from '../../deploy/local/build.ts';
import { createProgress } from '../../deploy/local/progress.ts';
import { required } from './environment.ts';
import type { Closing } from './scope.ts';

/** Connections to Temporal servers. A process has one runtime, which must be installed before the first connection. */

Runtime.install({ logger: new DefaultLogger('ERROR') });

const SERVERS = join(import.meta.dirname, '..', '..', 'deploy', 'local', 'servers');

let shared: Promise<TestWorkflowEnvironment> | undefined;

after(async () => (await shared)?.teardown());

/** How a test gets its Temporal server. */
export type OpenEnvironment = (context: Closing) => Promise<TestWorkflowEnvironment>;

/** The Temporal server of the stack. All tests of a file share its connections, which close at the end of the file. */
export function stackEnvironment(): Promise<TestWorkflowEnvironment> {
  shared ??= TestWorkflowEnvironment.createFromExistingServer({ address: required('TEMPORAL_ADDRESS') });
  return shared;
}

/**
 * Starts a Temporal server of the test's own. It skips the time until its next timer while a test waits for a result or calls `sleep`,
 * but not while an activity or a workflow task runs. Its clock is ahead of the clock of this machine.
 */
export async function skippingEnvironment(context: Closing): Promise<TestWorkflowEnvironment> {
  const { 'temporal-test-server': folder } = await buildServers(SERVERS, ['temporal-test-server'], createProgress());
  const executable = { type: 'existing-path', path: join(folder, 'temporal-test-server') } as const;
  const environment = await TestWorkflowEnvironment.createTimeSkipping({ server: { executable } });
  context.after(() => environment.teardown());
  return environment;
}
