import { Watch } from '@kubernetes/client-node';
import type { KubeConfig, V1Job } from '@kubernetes/client-node';

/** Resolves when the Job called `name` is complete, by watches one after another; rejects when it has failed. */
export async function followJob(kubeConfig: KubeConfig, namespace: string, name: string): Promise<void> {
  while (!(await isCompleteWhileWatched(new Watch(kubeConfig), namespace, name)));
}

/** @returns false when the watch ended before the Job, as watches do */
async function isCompleteWhileWatched(watch: Watch, namespace: string, name: string): Promise<boolean> {
  const ended = Promise.withResolvers<boolean>();
  const stream = await watch.watch(
    `/apis/batch/v1/namespaces/${namespace}/jobs`,
    { fieldSelector: `metadata.name=${name}` },
    (_type: string, job: V1Job) => {
      const isTrue = (type: string) => job.status?.conditions?.some((c) => c.type === type && c.status === 'True');
      if (isTrue('Complete')) ended.resolve(true);
      if (isTrue('Failed')) ended.reject(new Error(`Job ${name} failed`));
    },
    () => ended.resolve(false),
  );
  return await ended.promise.finally(() => stream.abort());
}
