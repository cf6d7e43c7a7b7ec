import { secretManifest } from '../cluster/manifests.ts';
import type { ActivityDeps } from './deps.ts';

/** Makes the secret with the bucket's credential, unless there is one. */
export function createSecret({ cluster, credentialsJson }: ActivityDeps) {
  return async function secret(): Promise<void> {
    if (credentialsJson !== undefined) await cluster.ensureSecret(secretManifest(credentialsJson));
  };
}
