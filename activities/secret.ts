import { secretManifest } from '../cluster/manifests.ts';
import type { ActivityDeps } from './deps.ts';

/** How long a secret that was there is taken to be there still: who deletes it has jobs that cannot start, either way. */
const TRUSTED_FOR_MS = 120_000;

/** Makes the secret with the bucket's credential, unless there is one. */
export function createSecret({ cluster, credentialsJson }: ActivityDeps) {
  let seenMs = -Infinity;
  return async function secret(): Promise<void> {
    if (credentialsJson === undefined || performance.now() - seenMs < TRUSTED_FOR_MS) return;
    await cluster.ensureSecret(secretManifest(credentialsJson));
    seenMs = performance.now();
  };
}
