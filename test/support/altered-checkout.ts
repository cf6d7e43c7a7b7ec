import { cp, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';

const REPOSITORY = join(import.meta.dirname, '..', '..');
/** All that a worker is made of. */
const SOURCES = ['worker', 'workflows', 'activities', 'cluster', 'bucket', 'store', 'transfer', 'config'];
const SETTINGS = ['package.json', 'tsconfig.json', 'deploy/start.sh'];

/** A step more, at the beginning: no history of a job that the code as it stands began fits this. */
const ALTERED_WORKFLOWS = `
import { sleep } from '@temporalio/workflow';
import { batchJob as asItStands } from './batch-job.ts';
export { admission } from './admission.ts';
export { reconcile } from './reconcile.ts';

export async function batchJob(request) {
  await sleep(1);
  return await asItStands(request);
}
`;

/** A copy of the sources whose workflows are changed without a care for jobs that run. It is gone when the test ends. */
export async function alteredCheckout(context: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'altered-'));
  context.after(() => rm(folder, { recursive: true, force: true }));
  const files = (await readdir(REPOSITORY)).filter((file) => file.endsWith('.ts'));
  for (const source of [...SOURCES, ...files, ...SETTINGS])
    await cp(join(REPOSITORY, source), join(folder, source), { recursive: true });
  for (const made of ['node_modules', 'dist']) await symlink(join(REPOSITORY, made), join(folder, made));
  await writeFile(join(folder, 'workflows', 'index.ts'), ALTERED_WORKFLOWS);
  return folder;
}
