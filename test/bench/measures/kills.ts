import { setTimeout as sleep } from 'node:timers/promises';
import { BatchV1Api, CoreV1Api } from '@kubernetes/client-node';
import { attemptObjectOf } from '../../../bucket/objects.ts';
import { claimManifest, taskJobManifest } from '../../../cluster/manifests.ts';
import { JOB_NAME_LABEL, outputClaimOf } from '../../../cluster/names.ts';
import { onePodJobManifest } from '../../../cluster/one-pod.ts';
import { statusesOf } from '../../../cluster/pod.ts';
import { isOnePod, refOf } from '../../../workflows/observation.ts';
import type { JobParameters } from '../../../workflows/parameters.ts';
import { required } from '../../support/environment.ts';
import { call, shellJob, submit } from '../../support/job-client.ts';
import { stackKubeConfig } from '../../support/kube-config.ts';
import { aRequest } from '../../support/objects.ts';
import { kubectl } from '../../support/operator.ts';
import type { FigureName } from '../bounds.ts';
import { inOnePod } from '../in-one-pod.ts';
import type { Measure } from '../measure.ts';
import { names, timed } from '../world.ts';
import type { World } from '../world.ts';

/** Both have to wait for it: it is short, so that it hides little of what else they wait for. */
const GRACE_SECONDS = 2;

/** When a job is started, and when it is killed. */
interface Times {
  /** After the end of the run before it. */
  readonly pauseMs: number;
  /** After its task has been seen to run. */
  readonly momentMs: number;
}

/**
 * The kubelet looks at its containers once a second, and a run ends with a look: of a pod whose containers start on both sides of the next
 * one, a kill in the first seconds takes one second longer, and any order takes up to a second longer by its moment. The pods of the service
 * start so after the first pause, those of the script after the second one, and both are killed early then.
 */
const TIMES: readonly Times[] = [
  { pauseMs: 0, momentMs: 100 },
  { pauseMs: 400, momentMs: 300 },
  { pauseMs: 800, momentMs: 3_400 },
  { pauseMs: 200, momentMs: 600 },
  { pauseMs: 600, momentMs: 3_200 },
];

/** What does not run by then never will. */
const START_LIMIT_MS = 120_000;

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
  const isRunning = async (name: string) =>
    (await podsOf(name)).flatMap(statusesOf).some(({ name, state }) => name === 'task' && state?.running !== undefined);

  const untilMoment = async (name: string, momentMs: number) => {
    for (const endMs = performance.now() + START_LIMIT_MS; !(await isRunning(name)); await sleep(20)) {
      if (performance.now() > endMs) throw new Error(`${name} does not run`);
    }
    await sleep(momentMs);
  };

  /** As the service makes it, and nobody's. */
  const runBare = async (name: string, parameters: JobParameters) => {
    const request = aRequest({ id: name, name, parameters });
    const isInOnePod = isOnePod(refOf(request));
    const claim = claimManifest(request, outputClaimOf(request), { size: pods.claimSize });
    if (!isInOnePod) await core.createNamespacedPersistentVolumeClaim({ namespace, body: claim });
    const body = isInOnePod
      ? onePodJobManifest(request, attemptObjectOf(request), pods)
      : taskJobManifest(request, pods);
    await batch.createNamespacedJob({ namespace, body });
  };

  const oursOf = async (parameters: JobParameters, { pauseMs, momentMs }: Times) => {
    const [name = ''] = names('bench-kill', 1);
    await sleep(pauseMs);
    await submit(name, parameters);
    await untilMoment(name, momentMs);
    const killed = call('DELETE', `/batch/${name}`);
    const durationMs = await timed(() => untilNoPod(name));
    await killed;
    return durationMs;
  };

  const bareOf = async (parameters: JobParameters, { pauseMs, momentMs }: Times) => {
    const [name = ''] = names('bench-delete', 1);
    await sleep(pauseMs);
    await runBare(name, parameters);
    await untilMoment(name, momentMs);
    const durationMs = await timed(async () => {
      await kubectl('delete', 'job', name, '--wait', '--cascade=foreground');
      await untilNoPod(name);
    });
    await kubectl('delete', 'pvc', outputClaimOf({ name }), '--wait=false', '--ignore-not-found');
    return durationMs;
  };

  return killedTasks().map(([name, parameters]) => {
    const [ours, peers] = [inTurn(TIMES), inTurn(TIMES)];
    return {
      name,
      unit: 'ms',
      ours: () => oursOf(parameters, ours.next().value),
      peer: { what: 'kubectl delete --wait', run: () => bareOf(parameters, peers.next().value) },
    };
  });
}

/** Each of the values, and from the beginning again. */
function* inTurn<T>(values: readonly T[]): Generator<T, never> {
  for (;;) yield* values;
}

function killedTasks(): (readonly [FigureName, JobParameters])[] {
  const ends = shellJob('trap "exit 0" TERM; sleep 600 & wait');
  // As the first process of its container it has no default for the signal.
  const stays = shellJob('sleep 600; true', { grace_seconds: GRACE_SECONDS });
  return [
    ['kill of a task that ends when it is told to', ends],
    ['kill of a task that has to be killed', stays],
    ['kill in one pod of a task that ends when it is told to', inOnePod(ends)],
    ['kill in one pod of a task that has to be killed', inOnePod(stays)],
  ];
}
