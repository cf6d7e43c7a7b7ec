import type { PresentedJob } from '../../api/present.ts';
import { runTool } from './tools.ts';

/** What somebody with a kubectl does to a job's objects behind the back of the service. */

/** What kubectl says on its standard output. */
export async function kubectl(...args: readonly string[]): Promise<string> {
  return await runTool('kubectl', ...args);
}

/** Name of the pod that runs the job's task. */
export async function podOf({ name }: Pick<PresentedJob, 'name'>): Promise<string> {
  const selector = `kubernetes-task-runner/job-name=${name},kubernetes-task-runner/role=task`;
  const pods = await kubectl('get', 'pods', '--selector', selector, '--output', 'name');
  return pods.trim().replace(/^pod\//, '');
}
