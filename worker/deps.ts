import { readFileSync } from 'node:fs';
import type { KubeConfig } from '@kubernetes/client-node';
import type { WorkflowClient } from '@temporalio/client';
import type { ActivityDeps } from '../activities/deps.ts';
import { createBucket } from '../bucket/bucket.ts';
import { createCluster } from '../cluster/client.ts';
import { createReadStampedLog } from '../cluster/follow-log.ts';
import { createReadLog } from '../cluster/logs.ts';
import type { PodSettings } from '../cluster/pod-settings.ts';
import type { TransferSettings } from '../cluster/transfer-containers.ts';
import type { OpenStream } from '../cluster/stream.ts';
import type { WorkerConfig } from '../config.ts';
import { createSealer } from '../sealing.ts';
import { createStore } from '../store/store.ts';
import type { Store } from '../store/store.ts';
import type { Job } from '../workflows/contract.ts';

/** What the process knows of itself, and wants to know. */
export interface Noticed extends Pick<ActivityDeps, 'instance' | 'onReconciled'> {
  /** Called with each job that was written to the mirror; `isNew` is false for what the mirror had already. */
  readonly onRecorded: (job: Job, isNew: boolean) => void;
}

/** Wires the rooms together for the activities. */
export async function createActivityDeps(
  config: WorkerConfig,
  kubeConfig: KubeConfig,
  openStream: OpenStream,
  workflows: WorkflowClient,
  { instance, onReconciled, onRecorded }: Noticed,
): Promise<ActivityDeps> {
  const { namespace } = config.kubernetes;
  const cluster = createCluster(kubeConfig, namespace, instance);
  const readLog = createReadLog(openStream, namespace);
  return {
    cluster,
    readLog,
    readStampedLog: createReadStampedLog(readLog, cluster),
    bucket: createBucket({ ...config.bucket, instance: () => Promise.resolve(instance) }),
    store: telling(await createStore(config.mongo), onRecorded),
    pods: podSettings(config, instance),
    credentialsJson: sharedCredentials(config),
    sealer: config.encryptionKeys && createSealer(config.encryptionKeys),
    claimSize: config.claimSize,
    graceMs: config.reconcileGraceMs,
    inFlight: config.inFlight,
    workflows,
    instance,
    onReconciled,
  };
}

/** The same store, which tells of what it has written; what is stale may be a write whose answer was lost. */
function telling(store: Store, onRecorded: Noticed['onRecorded']): Store {
  const record: Store['record'] = async (job) => {
    const outcome = await store.record(job);
    onRecorded(job, outcome === 'written');
    return outcome;
  };
  return { ...store, record };
}

/** How the pods reach the bucket. */
function credentialsOf({ bucket, bucketCredentials }: WorkerConfig): TransferSettings['credentials'] {
  if (bucketCredentials === 'signed-urls') return 'signed-urls';
  return bucket.credentialsFilePath === undefined ? 'ambient' : 'secret';
}

/** The content of the secret that all jobs share, if there is one. */
function sharedCredentials(config: WorkerConfig): string | undefined {
  const { credentialsFilePath } = config.bucket;
  if (credentialsFilePath === undefined || credentialsOf(config) !== 'secret') return undefined;
  return readFileSync(credentialsFilePath, 'utf8');
}

function podSettings(config: WorkerConfig, instance: string): PodSettings {
  const { bucketName, apiEndpoint } = config.bucket;
  return {
    security: config.podSecurity,
    ephemeralStorage: config.ephemeralStorage,
    claimSize: config.claimSize,
    enforced: config.enforced,
    allowedLabels: config.allowedLabels,
    transfer: {
      image: config.transferImage,
      bucketName,
      instance,
      credentials: credentialsOf(config),
      ...(apiEndpoint && { apiEndpoint }),
      maxFiles: config.maxFiles,
      ...(config.maxInputUnpackedBytes !== undefined && { maxInputUnpackedBytes: config.maxInputUnpackedBytes }),
      ...(config.maxOutputBytes !== undefined && { maxOutputBytes: config.maxOutputBytes }),
    },
  };
}
