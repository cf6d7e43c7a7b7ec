import { CoreV1Api } from '@kubernetes/client-node';
import type { PresentedJob } from '../../api/present.ts';
import { required } from './environment.ts';
import { stackKubeConfig } from './kube-config.ts';
import { runTool } from './tools.ts';

/** What somebody with a kubectl does to a job's objects behind the back of the service. */

/** What kubectl says on its standard output; in the namespace of the service unless another is said. */
export async function kubectl(...args: readonly string[]): Promise<string> {
  return await runTool('kubectl', `--namespace=${required('KUBERNETES_NAMESPACE')}`, ...args);
}

/** Name of the pod that runs the job's task. */
export async function podOf({ name }: Pick<PresentedJob, 'name'>): Promise<string> {
  const selector = `kubernetes-task-runner/job-name=${name},kubernetes-task-runner/role=task`;
  const pods = await kubectl('get', 'pods', '--selector', selector, '--output', 'name');
  return pods.trim().replace(/^pod\//, '');
}

/** Asks for the pod's place, as a drain of its node does. */
export async function evict(pod: string): Promise<void> {
  const namespace = required('KUBERNETES_NAMESPACE');
  const core = stackKubeConfig().makeApiClient(CoreV1Api);
  await core.createNamespacedPodEviction({ name: pod, namespace, body: { metadata: { name: pod } } });
}
