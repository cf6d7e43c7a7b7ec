import type { V1Job, V1PersistentVolumeClaim, V1Secret } from '@kubernetes/client-node';
import { claimOf, jobOf, secretOf } from '../../cluster/instance.ts';
import {
  claimManifest,
  cleanupJobManifest,
  jobSecretManifest,
  secretManifest,
  taskJobManifest,
} from '../../cluster/manifests.ts';
import { attemptRef, inputClaimOf, outputClaimOf } from '../../cluster/names.ts';
import { onePodJobManifest } from '../../cluster/one-pod.ts';
import type { PodSettings } from '../../cluster/pod-settings.ts';
import type { TransferSettings } from '../../cluster/transfer-containers.ts';
import type { JobRequest } from '../../workflows/contract.ts';
import type { JobParameters } from '../../workflows/parameters.ts';
import { placementOf } from '../../workflows/state.ts';
import { aRequest, podSettings } from './objects.ts';

/** Everything that a worker makes on the cluster, made by its own code, in all shapes. */

const INPUT = { object: 'python-input.zip', sizeBytes: 10, crc32c: 'AAAAAA==' };
const AGAIN = { attempt: 2, memoryFactor: 1.5 };

/** A job that asks for all that can be asked for. */
const EVERYTHING: JobParameters = {
  docker_image: 'registry.example.com/team/image@sha256:9f2c',
  command: ['sh', '-c', '$(A)'],
  args: ['b'],
  environment_variables: {
    PLAIN: 'a',
    EMPTY: '',
    SEALED: { sealed: 'a' },
    WHOLE: { secret: 'database/password' },
    KEY: { secret: 's3/key' },
  },
  resources: { limits: { memory: '64Mi', cpu: '1', 'nvidia.com/gpu': '1' }, requests: { memory: '32Mi' } },
  grace_seconds: 60,
  node_selector: { disk: 'fast' },
  tolerations: [
    { key: 'gpu', operator: 'Exists' },
    { operator: 'Exists', effect: 'NoSchedule' },
  ],
  labels: { team: 'blue', 'example.com/kind': 'a' },
  priority_class: 'urgent',
  queue: 'night',
  image_pull_policy: 'Always',
};

/** Secrets that {@link EVERYTHING} uses, as OWNER_SECRETS names them. */
export const OWNER_SECRETS = { alice: ['database'], '*': ['s3/key'] };

/** The Jobs of a worker with this transfer image and this address of the bucket, by what sets them apart. */
export function jobsOfAWorker(image: string, apiEndpoint: string): ReadonlyMap<string, V1Job> {
  const jobs = new Map<string, V1Job>();
  for (const credentials of ['secret', 'signed-urls', 'ambient'] as const)
    for (const security of ['baseline', 'restricted'] as const)
      for (const isBounded of [false, true]) {
        const bounds = isBounded && { maxInputUnpackedBytes: 1, maxFiles: 1, maxOutputBytes: 1, instance: 'blue' };
        const transfer: TransferSettings = { image, apiEndpoint, bucketName: 'bucket', credentials, ...bounds };
        const made = jobsWith(podSettings({ security, transfer }));
        for (const [what, job] of Object.entries(made))
          jobs.set(
            `${what}, ${credentials}, ${security}${isBounded ? ', bounded' : ''}`,
            jobOf(transfer.instance, job),
          );
      }
  return jobs;
}

function jobsWith(pods: PodSettings): Readonly<Record<string, V1Job>> {
  const least = aRequest();
  const most = aRequest({ parameters: EVERYTHING });
  const ref = attemptRef(most, AGAIN);
  const nodeName = 'node-7';
  return {
    'the least task': taskJobManifest(least, pods),
    'a task with an input': taskJobManifest(least, pods, INPUT),
    'the second attempt of all that a job can ask for': taskJobManifest(most, pods, INPUT, AGAIN),
    'an upload': cleanupJobManifest(least, 'out.zip', pods, placementOf(least)),
    'an upload of a second attempt as the owner of the files': cleanupJobManifest(ref, 'out.zip', pods, {
      ...placementOf(most),
      nodeName,
      runAsUser: pods.security === 'restricted' ? 1000 : 0,
    }),
    ...onePodJobs(least, 'the least', pods),
    ...onePodJobs(most, 'the most', pods),
  };
}

function onePodJobs(request: JobRequest, what: string, pods: PodSettings): Readonly<Record<string, V1Job>> {
  const inOnePod = (outputs_on: 'success' | 'always'): JobRequest => ({
    ...request,
    parameters: { ...request.parameters, storage: { mode: 'ephemeral', size: '1Gi' }, outputs_on },
  });
  return {
    [`${what} in one pod`]: onePodJobManifest(inOnePod('success'), 'out.zip', pods),
    [`${what} in one pod with an input, again`]: onePodJobManifest(inOnePod('success'), 'out.zip', pods, INPUT, AGAIN),
    [`${what} in one pod whose upload waits`]: onePodJobManifest(inOnePod('always'), 'out.zip', pods, INPUT),
  };
}

/** The claims of a worker. */
export function claimsOfAWorker(): ReadonlyMap<string, V1PersistentVolumeClaim> {
  const ref = aRequest();
  const second = attemptRef(ref, AGAIN);
  return new Map([
    ['an input', claimManifest(ref, inputClaimOf(ref), { size: '1Gi' })],
    ['an output of a class', claimManifest(ref, outputClaimOf(ref), { size: '1Gi', class: 'fast' })],
    ['an output of a second attempt', claimOf('blue', claimManifest(second, outputClaimOf(second), { size: '1Gi' }))],
  ]);
}

/** The Secrets of a worker. */
export function secretsOfAWorker(): ReadonlyMap<string, V1Secret> {
  const ref = aRequest();
  const owner = { metadata: { name: ref.name, uid: 'the-uid' } };
  const second = attemptRef(ref, AGAIN);
  const cleanup = { metadata: { name: `${ref.name}-cleanup.2`, uid: 'the-uid' } };
  return new Map([
    ['the credential of the bucket', secretManifest('{}')],
    ['values of a task', jobSecretManifest(ref, 'task', owner, { 'value-0': 'a' })],
    ['the URL of an upload in one pod', jobSecretManifest(ref, 'cleanup', owner, { url: 'a' })],
    ['the URL of a second upload', secretOf('blue', jobSecretManifest(second, 'cleanup', cleanup, { url: 'a' }))],
  ]);
}
