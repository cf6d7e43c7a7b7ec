import { runTool } from '../support/tools.ts';

/** Ends every job of a Temporal namespace that nobody works on. */
export async function terminateAll(namespace: string): Promise<void> {
  const query = `ExecutionStatus = 'Running'`;
  await runTool('temporal', 'workflow', 'terminate', '--namespace', namespace, '--query', query, '--yes');
}
