import { setTimeout as sleep } from 'node:timers/promises';
import { BatchV1Api, CoreV1Api } from '@kubernetes/client-node';
import { claimManifest, taskJobManifest } from '../../../cluster/manifests.ts';
import { JOB_NAME_LABEL, outputClaimOf } from '../../../cluster/names.ts';
import { required } from '../../support/environment.ts';
import { runUntilRunning } from '../../support/gated-job.ts';
import { call, shellJob } from '../../support/job-client.ts';
import { stackKubeConfig } from '../../support/kube-config.ts';
import { aRequest } from '../../support/objects.ts';
import { kubectl } from '../../support/operator.ts';
import type { Measure } from '../measure.ts';
import { names, timed } from '../world.ts';
import type { World } from '../world.ts';

const TASKS = {
  'kill of a task that ends when it is told to': 'trap "exit 0" TERM; sleep 600 & wait',
  // As the first process of its container it has no default for the signal.
  'kill of a task that has to be killed': 'sleep 600; true',
} as const;

/** From the order until the cluster has no pod of the job left, against `kubectl delete --wait` of the same Job. */
export function kills({ pods }: World): Measure[] {
  const namespace = required('KUBERNETES_NAMESPACE');
  const core = stackKubeConfig().makeApiClient(CoreV1Api);
  const batch = stackKubeConfig().makeApiClient(BatchV1Api);
  const podsOf = async (name: string) =>
    (await core.listNamespacedPod({ namespace, labelSelector: `${JOB_NAME_LABEL}=${name}` })).items;

  const untilNoPod = async (name: string) => {
    while ((await podsOf(name)).length > 0) await sleep(20);
  };

  /** As the service makes it, and nobody's. */
  const runBare = async (name: string, script: string) => {
    const request = aRequest({ id: name, name, parameters: shellJob(script) });
    const claim = claimManifest(request, outputClaimOf(request), { size: pods.claimSize });
    await core.createNamespacedPersistentVolumeClaim({ namespace, body: claim });
    await batch.createNamespacedJob({ namespace, body: taskJobManifest(request, pods) });
    while ((await podsOf(name))[0]?.status?.containerStatuses?.[0]?.state?.running === undefined) await sleep(100);
  };

  const oursOf = async (script: string) => {
    const [name = ''] = names('bench-kill', 1);
    const { id } = await runUntilRunning(name, shellJob(script));
    const killed = call('DELETE', `/batch/${id}`);
    const durationMs = await timed(() => untilNoPod(name));
    await killed;
    return durationMs;
  };

  const bareOf = async (script: string) => {
    const [name = ''] = names('bench-delete', 1);
    await runBare(name, script);
    const durationMs = await timed(async () => {
      await kubectl('delete', 'job', name, '--wait', '--cascade=foreground');
      await untilNoPod(name);
    });
    await kubectl('delete', 'pvc', outputClaimOf({ name }), '--wait=false');
    return durationMs;
  };

  return Object.entries(TASKS).map(([name, script]) => ({
    name: name as keyof typeof TASKS,
    unit: 'ms',
    ours: () => oursOf(script),
    peer: { what: 'kubectl delete --wait', run: () => bareOf(script) },
  }));
}
