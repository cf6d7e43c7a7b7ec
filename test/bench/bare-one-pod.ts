import { Readable } from 'node:stream';
import { BatchV1Api, CoreV1Api } from '@kubernetes/client-node';
import type { KubeConfig, KubernetesListObject, KubernetesObject, V1Job, V1Pod } from '@kubernetes/client-node';
import { attemptObjectOf, inputObjectOf, outputObjectOf, spoolObjectOf } from '../../bucket/objects.ts';
import { OURS_SELECTOR } from '../../cluster/names.ts';
import { onePodJobManifest } from '../../cluster/one-pod.ts';
import { parseTransferReport } from '../../transfer/report.ts';
import type { TransferReport } from '../../transfer/report.ts';
import type { StoredObject } from '../../workflows/contract.ts';
import { aRequest } from '../support/objects.ts';
import type { Closing } from '../support/scope.ts';
import type { BareScript } from './bare-script.ts';
import { inOnePod } from './in-one-pod.ts';
import { follow } from './scale/following.ts';
import type { World } from './world.ts';

/**
 * What a person would write who has the Kubernetes client and no service, for the job in one pod: the input under its name, the same Job,
 * the output compared with what its upload says and under its name, and Job and pod deleted and gone.
 * @returns the script for one cluster and bucket; all its jobs wait by one watch of the Jobs and one of the pods, until `scope` ends
 */
export async function createBareOnePod(
  scope: Closing,
  kubeConfig: KubeConfig,
  namespace: string,
  { bucket, pods: settings, parameters, zip }: World,
): Promise<BareScript> {
  const core = kubeConfig.makeApiClient(CoreV1Api);
  const batch = kubeConfig.makeApiClient(BatchV1Api);
  const query = { namespace, labelSelector: OURS_SELECTOR };
  const followAll = <T extends KubernetesObject>(path: string, list: () => Promise<KubernetesListObject<T>>) =>
    follow<T>(scope, kubeConfig, { path, labelSelector: OURS_SELECTOR, list });
  const [jobs, pods] = await Promise.all([
    followAll<V1Job>(`/apis/batch/v1/namespaces/${namespace}/jobs`, () => batch.listNamespacedJob(query)),
    followAll<V1Pod>(`/api/v1/namespaces/${namespace}/pods`, () => core.listNamespacedPod(query)),
  ]);
  const isGone = (all: readonly unknown[]) => all.length === 0;

  /** Creates the Job and waits until Kubernetes says that it is complete. @returns what it has uploaded, as the upload says */
  const runToCompletion = async (id: string, object: string, body: V1Job): Promise<StoredObject> => {
    await batch.createNamespacedJob({ namespace, body });
    await jobs.until(id, (all) => all.some(hasEnded));
    if (jobs.of(id).some(hasFailed)) throw new Error(`Job ${id} failed`);
    // Each watch has its own pace.
    await pods.until(id, (all) => uploadReportIn(all) !== undefined);
    const report = uploadReportIn(pods.of(id));
    if (!report?.ok) throw new Error(`the upload of ${id} failed`);
    return { object, sizeBytes: report.sizeBytes, crc32c: report.crc32c };
  };

  return {
    async run(name) {
      const ref = { id: name, name };
      const request = aRequest({ ...ref, parameters: inOnePod(parameters) });
      const object = attemptObjectOf(ref);
      const spooled = await bucket.write(spoolObjectOf(name), Readable.from([zip]));
      const input = await bucket.promote(spooled, inputObjectOf(name));
      const output = await runToCompletion(name, object, onePodJobManifest(request, object, settings, input));
      await bucket.promote(output, outputObjectOf(name));
      await batch.deleteNamespacedJob({ namespace, name, propagationPolicy: 'Background' });
      await Promise.all([jobs.until(name, isGone), pods.until(name, isGone)]);
    },
  };
}

/** What the upload among `pods` says of itself; undefined as long as it has not ended. Pure. */
export function uploadReportIn(pods: readonly V1Pod[]): TransferReport | undefined {
  const statuses = pods.flatMap(({ status }) => status?.containerStatuses ?? []);
  const upload = statuses.find(({ name }) => name === 'cleanup');
  return parseTransferReport(upload?.state?.terminated?.message ?? '');
}

function hasEnded(job: V1Job): boolean {
  return isTrue(job, 'Complete') || hasFailed(job);
}

function hasFailed(job: V1Job): boolean {
  return isTrue(job, 'Failed');
}

function isTrue({ status }: V1Job, type: string): boolean {
  return status?.conditions?.some((condition) => condition.type === type && condition.status === 'True') ?? false;
}
