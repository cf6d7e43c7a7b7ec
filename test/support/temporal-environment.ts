import { after } from 'node:test';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { required } from './environment.ts';

/** Connections to Temporal servers. A process has one runtime, which must be installed before the first connection. */

Runtime.install({ logger: new DefaultLogger('ERROR') });

let shared: Promise<TestWorkflowEnvironment> | undefined;

after(async () => (await shared)?.teardown());

/** The Temporal server of the stack. All tests of a file share its connections, which close at the end of the file. */
export function stackEnvironment(): Promise<TestWorkflowEnvironment> {
  shared ??= TestWorkflowEnvironment.createFromExistingServer({ address: required('TEMPORAL_ADDRESS') });
  return shared;
}
