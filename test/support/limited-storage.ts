import { StorageV1Api } from '@kubernetes/client-node';
import { stackKubeConfig } from './kube-config.ts';

/** Storage class whose claims hold no more than they ask for: file systems that are really full then. */
export const LIMITED_CLASS = 'limited';
const CONFLICT = 409;

/** Makes {@link LIMITED_CLASS} unless it is there. */
export async function makeLimitedClass(): Promise<void> {
  const storage = stackKubeConfig().makeApiClient(StorageV1Api);
  const body = {
    metadata: { name: LIMITED_CLASS },
    provisioner: 'kubernetes-task-runner/local',
    parameters: { limited: 'true' },
    volumeBindingMode: 'Immediate',
  };
  await storage.createStorageClass({ body }).catch((error: unknown) => {
    if ((error as { code?: number }).code !== CONFLICT) throw error;
  });
}
