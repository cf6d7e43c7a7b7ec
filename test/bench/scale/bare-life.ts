import { BatchV1Api, CoreV1Api } from '@kubernetes/client-node';
import type { KubeConfig, KubernetesListObject, KubernetesObject, V1Job } from '@kubernetes/client-node';
import { attemptObjectOf, outputObjectOf } from '../../../bucket/objects.ts';
import type { Bucket } from '../../../bucket/bucket.ts';
import { claimManifest, cleanupJobManifest, taskJobManifest } from '../../../cluster/manifests.ts';
import { OURS_SELECTOR, outputClaimOf } from '../../../cluster/names.ts';
import { placementOf } from '../../../workflows/state.ts';
import { aRequest, podSettings } from '../../support/objects.ts';
import type { Closing } from '../../support/scope.ts';
import { follow } from './following.ts';

/** The life of a job as a script lives it: the same objects, by one watch of each kind. */
export interface BareLife {
  /** Claim, Job, cleanup Job, the output under its name, and all of it deleted and gone. */
  live(name: string): Promise<void>;
}

/** @returns the script for one namespace, whose uploads somebody else plays */
export async function createBareLife(
  scope: Closing,
  kubeConfig: KubeConfig,
  namespace: string,
  bucket: Bucket,
): Promise<BareLife> {
  const core = kubeConfig.makeApiClient(CoreV1Api);
  const batch = kubeConfig.makeApiClient(BatchV1Api);
  const query = { namespace, labelSelector: OURS_SELECTOR };
  const followAll = <T extends KubernetesObject>(path: string, list: () => Promise<KubernetesListObject<T>>) =>
    follow<T>(scope, kubeConfig, { path, labelSelector: OURS_SELECTOR, list });
  const [jobs, pods, claims] = await Promise.all([
    followAll(`/apis/batch/v1/namespaces/${namespace}/jobs`, () => batch.listNamespacedJob(query)),
    followAll(`/api/v1/namespaces/${namespace}/pods`, () => core.listNamespacedPod(query)),
    followAll(`/api/v1/namespaces/${namespace}/persistentvolumeclaims`, () =>
      core.listNamespacedPersistentVolumeClaim(query),
    ),
  ]);
  const settings = podSettings();

  const runToCompletion = async (id: string, body: V1Job) => {
    await batch.createNamespacedJob({ namespace, body });
    await jobs.until(id, (all) => all.some((job) => job.metadata?.name === body.metadata?.name && isComplete(job)));
  };
  const isGone = (all: readonly unknown[]) => all.length === 0;

  return {
    async live(name) {
      const ref = { id: name, name };
      const request = aRequest({ ...ref, parameters: { docker_image: 'task', labels: { pace: 'quick' } } });
      const body = claimManifest(ref, outputClaimOf(ref), { size: settings.claimSize });
      await core.createNamespacedPersistentVolumeClaim({ namespace, body });
      const object = attemptObjectOf(ref);
      await runToCompletion(name, taskJobManifest(request, settings));
      await runToCompletion(name, cleanupJobManifest(ref, object, settings, placementOf(request)));
      const written = await bucket.stat(object);
      if (written === undefined) throw new Error(`the upload of ${name} has left nothing`);
      await bucket.promote(written, outputObjectOf(name));
      const deletion = { namespace, propagationPolicy: 'Background' };
      for (const job of [name, `${name}-cleanup`]) await batch.deleteNamespacedJob({ ...deletion, name: job });
      await core.deleteNamespacedPersistentVolumeClaim({ namespace, name: outputClaimOf(ref) });
      await Promise.all([jobs.until(name, isGone), pods.until(name, isGone), claims.until(name, isGone)]);
    },
  };
}

function isComplete({ status }: V1Job): boolean {
  return status?.conditions?.some((condition) => condition.type === 'Complete' && condition.status === 'True') ?? false;
}
