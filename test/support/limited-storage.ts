import { StorageV1Api } from '@kubernetes/client-node';
import { stackKubeConfig } from './kube-config.ts';

const CLASS = 'limited';
const CONFLICT = 409;

/** Storage of a job whose claims hold no more than they ask for: file systems that are really full then. */
export async function limitedStorage(size: string): Promise<{ readonly class: string; readonly size: string }> {
  const storage = stackKubeConfig().makeApiClient(StorageV1Api);
  const body = {
    metadata: { name: CLASS },
    provisioner: 'kubernetes-task-runner/local',
    parameters: { limited: 'true' },
    volumeBindingMode: 'Immediate',
  };
  await storage.createStorageClass({ body }).catch((error: unknown) => {
    if ((error as { code?: number }).code !== CONFLICT) throw error;
  });
  return { class: CLASS, size };
}
