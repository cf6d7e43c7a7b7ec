import { jobSecretManifest } from '../cluster/manifests.ts';
import type { KubernetesJob, SecretEntries } from '../cluster/manifests.ts';
import { URL_KEY } from '../cluster/names.ts';
import type { JobRole } from '../workflows/contract.ts';
import type { JobRef } from '../workflows/observation.ts';
import type { ActivityDeps } from './deps.ts';

/** A V4 signature is good for no longer. */
const LONGEST_EXPIRY_MS = 7 * 86_400_000;

/** Hands `entries` to the containers of `job`, whose pod waits for them. */
export async function giveSecret(
  { cluster }: Pick<ActivityDeps, 'cluster'>,
  ref: JobRef,
  role: JobRole,
  job: KubernetesJob,
  entries: SecretEntries,
): Promise<void> {
  if (Object.keys(entries).length > 0) await cluster.ensureSecret(jobSecretManifest(ref, role, job, entries));
}

/** The URL that a pod fetches `object` by, when pods have nothing else to reach the bucket with. */
export async function readUrl(deps: ActivityDeps, object: string, neededMs: number): Promise<SecretEntries> {
  return await urlEntry(deps, () => deps.bucket.signedUrl(object, { expiresMs: expiryOf(neededMs) }));
}

/** The URL that a pod writes `object` by, when pods have nothing else to reach the bucket with. */
export async function writeUrl(deps: ActivityDeps, object: string, neededMs: number): Promise<SecretEntries> {
  return await urlEntry(deps, () => deps.bucket.signedUploadUrl(object, { expiresMs: expiryOf(neededMs) }));
}

async function urlEntry({ pods }: ActivityDeps, sign: () => Promise<string>): Promise<SecretEntries> {
  return pods.transfer.credentials === 'signed-urls' ? { [URL_KEY]: await sign() } : {};
}

function expiryOf(neededMs: number): number {
  return Math.min(neededMs, LONGEST_EXPIRY_MS);
}
