import { Watch } from '@kubernetes/client-node';
import type { KubeConfig, V1Job } from '@kubernetes/client-node';

/** Resolves when the Job called `name` is complete, by one watch; rejects when it has failed. */
export async function followJobs(kubeConfig: KubeConfig, namespace: string, name: string): Promise<void> {
  const ended = Promise.withResolvers<void>();
  const watch = new Watch(kubeConfig);
  const query = { fieldSelector: `metadata.name=${name}` };
  const stream = await watch.watch(
    `/apis/batch/v1/namespaces/${namespace}/jobs`,
    query,
    (_type: string, job: V1Job) => {
      const isTrue = (type: string) => job.status?.conditions?.some((c) => c.type === type && c.status === 'True');
      if (isTrue('Complete')) ended.resolve();
      if (isTrue('Failed')) ended.reject(new Error(`Job ${name} failed`));
    },
    () => ended.reject(new Error('the watch ended before the Job')),
  );
  await ended.promise.finally(() => stream.abort());
}
