import { setTimeout as sleep } from 'node:timers/promises';
import { Readable } from 'node:stream';
import { BatchV1Api, CoreV1Api } from '@kubernetes/client-node';
import type { KubeConfig, V1Job, V1PersistentVolumeClaim } from '@kubernetes/client-node';
import { inputObjectOf, outputObjectOf } from '../../bucket/objects.ts';
import { claimManifest, cleanupJobManifest, taskJobManifest } from '../../cluster/manifests.ts';
import { inputClaimOf, JOB_NAME_LABEL, outputClaimOf } from '../../cluster/names.ts';
import { placementOf } from '../../workflows/state.ts';
import { aRequest } from '../support/objects.ts';
import { followJob } from './follow-job.ts';
import type { World } from './world.ts';

/** What a person would write who has the Kubernetes client and no service: the same objects, one after another. */
export interface BareScript {
  /**
   * Runs the ordinary job: input into the bucket, claims, Job, cleanup Job, and all of it deleted and gone, as the service promises when
   * it says `succeeded`.
   */
  run(name: string): Promise<void>;
}

/** @returns the script for one cluster and bucket; it waits by watches, so that no process of its own counts */
export function createBareScript(kubeConfig: KubeConfig, namespace: string, world: World): BareScript {
  const core = kubeConfig.makeApiClient(CoreV1Api);
  const batch = kubeConfig.makeApiClient(BatchV1Api);
  const claim = (body: V1PersistentVolumeClaim) => core.createNamespacedPersistentVolumeClaim({ namespace, body });

  /** Creates the Job and waits until Kubernetes says that it is complete. */
  const runToCompletion = async (body: V1Job) => {
    const name = body.metadata?.name ?? '';
    const completed = followJob(kubeConfig, namespace, name);
    await batch.createNamespacedJob({ namespace, body });
    await completed;
  };

  const deleteAll = async (name: string, claims: readonly string[]) => {
    const jobs = [name, `${name}-cleanup`];
    await Promise.all(
      jobs.map((job) => batch.deleteNamespacedJob({ namespace, name: job, propagationPolicy: 'Background' })),
    );
    await Promise.all(claims.map((claim) => core.deleteNamespacedPersistentVolumeClaim({ namespace, name: claim })));
    const labelSelector = `${JOB_NAME_LABEL}=${name}`;
    for (;;) {
      const [pods, left] = await Promise.all([
        core.listNamespacedPod({ namespace, labelSelector }),
        core.listNamespacedPersistentVolumeClaim({ namespace, labelSelector }),
      ]);
      if (pods.items.length + left.items.length === 0) return;
      await sleep(50);
    }
  };

  return {
    async run(name) {
      const { bucket, pods, parameters, zip } = world;
      const ref = { id: name, name };
      const request = aRequest({ ...ref, parameters });
      const claims = [outputClaimOf(ref), inputClaimOf(ref)];
      const input = await bucket.write(inputObjectOf(name), Readable.from([zip]));
      for (const claimName of claims) await claim(claimManifest(ref, claimName, { size: pods.claimSize }));
      await runToCompletion(taskJobManifest(request, pods, input));
      await runToCompletion(cleanupJobManifest(ref, outputObjectOf(name), pods, placementOf(request)));
      await deleteAll(name, claims);
    },
  };
}
