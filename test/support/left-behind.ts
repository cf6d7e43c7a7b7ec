import assert from 'node:assert/strict';
import { workflowIdOf } from '../../workflows/names.ts';
import type { TestApi } from './api-server.ts';

/** Rows, keys' jobs and objects that requests to an API of a test's own have left. */
export async function leftBehind(api: TestApi): Promise<{ ids: string[]; spooled: string[] }> {
  const jobs = await api.store.list({ statuses: 'all', limit: 1000 });
  return { ids: jobs.map(({ id }) => id), spooled: await api.bucket.list('') };
}

/** Asserts that there is no row, no object, and no workflow of these names. */
export async function assertNothingLeft(api: TestApi, ...names: readonly string[]): Promise<void> {
  assert.deepEqual(await leftBehind(api), { ids: [], spooled: [] });
  for (const name of names) {
    await assert.rejects(api.client.workflow.getHandle(workflowIdOf(name)).describe(), {
      name: 'WorkflowNotFoundError',
    });
  }
}
