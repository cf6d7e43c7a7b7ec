import { randomBytes } from 'node:crypto';
import type { KubeConfig } from '@kubernetes/client-node';
import type { Client } from '@temporalio/client';
import { createBucket } from '../../../bucket/bucket.ts';
import type { Bucket } from '../../../bucket/bucket.ts';
import { indexById } from '../../../deploy/local/mongodb-index.ts';
import type { Profile } from '../../../deploy/local/profile.ts';
import { required } from '../../support/environment.ts';
import { stackKubeConfig } from '../../support/kube-config.ts';
import { startOwnService } from '../../support/own-service.ts';
import type { Closing } from '../../support/scope.ts';
import { applyShipped, environmentOfAccount } from '../../support/shipped-manifests.ts';
import { startWorkerProcess } from '../../support/worker-process.ts';
import type { WorkerProcess } from '../../support/worker-process.ts';
import { countRequestsOf } from './requests.ts';
import type { RequestCounter } from './requests.ts';

/** An API and a worker of their own, with the rights that are shipped and accounts by which the API server knows them. */
export interface ScaledService {
  /** Of the API and of the worker. */
  readonly pids: readonly number[];
  readonly requests: RequestCounter;
  readonly bucket: Bucket;
  /** Of the jobs. */
  readonly namespace: string;
  /** Of an administrator, who does not count. */
  readonly kubeConfig: KubeConfig;
  readonly client: Client;
  /** Starts one more worker, until `scope` ends. */
  addWorker(): Promise<WorkerProcess>;
}

/** Starts both on the stack that the environment names, until `scope` ends; `environment` is what both are told besides. */
export async function startScaledService(
  scope: Closing,
  profile: Profile,
  environment: Readonly<Record<string, string>> = {},
): Promise<ScaledService> {
  let requests: RequestCounter | undefined;
  const token = { WORKER_TOKEN: randomBytes(32).toString('hex') };
  const { apiPid, client } = await startOwnService(scope, async (namespace) => {
    await applyShipped(scope, namespace);
    requests = await countRequestsOf(scope, namespace);
    const account = await environmentOfAccount(scope, 'kubernetes-task-runner-api', namespace);
    return { WORKER_URL: required('WORKER_URL'), ...token, ...environment, ...account };
  });
  indexById(profile, required('MONGODB_DATABASE'));
  const namespace = required('KUBERNETES_NAMESPACE');
  const account = await environmentOfAccount(scope, 'kubernetes-task-runner-worker', namespace);
  const addWorker = (port = '0') =>
    startWorkerProcess(scope, { WORKER_PORT: port, ...token, ...environment, ...account });
  const { pid } = await addWorker(required('WORKER_PORT'));
  if (requests === undefined) throw new Error('nobody counts the requests');
  const bucket = createBucket({
    bucketName: required('GC_BUCKET_NAME'),
    apiEndpoint: required('GC_API_ENDPOINT'),
    credentialsFilePath: required('GC_CREDENTIALS_FILE_PATH'),
  });
  return {
    pids: [apiPid, pid],
    requests,
    bucket,
    namespace,
    kubeConfig: stackKubeConfig(),
    client,
    addWorker,
  };
}
