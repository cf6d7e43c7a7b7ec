import { realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import { clusterPaths } from './cluster-files.ts';
import { BUCKET } from './env-file.ts';
import type { Profile } from './profile.ts';

/** A cluster that somebody else runs, and what its owner said of the world around it. */
export interface OwnCluster {
  readonly kubeconfig: string;
  readonly namespace: string;
  /** Image with the transfer program; by default the one that is made here, which the cluster must be given. */
  readonly transferImage?: string;
  /** Image with a shell, for the demo. */
  readonly busyboxImage: string;
  /** A bucket that the pods reach; by default an emulator is started. */
  readonly bucket?: { readonly endpoint: string; readonly name: string; readonly credentialsFile?: string };
}

/** A map of environment variables. */
type Variables = Readonly<Record<string, string | undefined>>;

/** An image of Docker Hub with a shell in it. */
const PUBLIC_BUSYBOX = 'busybox:1.37.0';

/**
 * The cluster that `KUBECONFIG` names in place of the embedded one; undefined when it names none, or the embedded one
 * itself, as it does in a shell that has read the file `env` of a stack.
 */
export function ownClusterOf(variables: Variables, profile: Profile): OwnCluster | undefined {
  const given = variables['KUBECONFIG'] ?? '';
  if (given === '') return undefined;
  if (given.includes(':')) throw new Error(`KUBECONFIG names several files: name the one of the cluster to use.`);
  const kubeconfig = resolve(given);
  if (realPath(kubeconfig) === realPath(clusterPaths(profile).kubeconfig)) return undefined;
  const { GC_API_ENDPOINT: endpoint, GC_BUCKET_NAME: name, GC_CREDENTIALS_FILE_PATH: credentials } = variables;
  return {
    kubeconfig,
    namespace: variables['KUBERNETES_NAMESPACE'] || 'default',
    busyboxImage: variables['IMAGE_BUSYBOX'] || PUBLIC_BUSYBOX,
    ...(variables['TRANSFER_IMAGE'] && { transferImage: variables['TRANSFER_IMAGE'] }),
    ...(endpoint && {
      bucket: { endpoint, name: name || BUCKET, ...(credentials && { credentialsFile: resolve(credentials) }) },
    }),
  };
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
