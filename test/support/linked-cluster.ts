import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { certificateFolder } from '../../deploy/local/certificates.ts';
import type { Profile } from '../../deploy/local/profile.ts';
import { through } from './cluster.ts';
import type { HttpGateOptions } from './http-gate.ts';
import { stackKubeConfig } from './kube-config.ts';

/** What a way to the cluster of a stack needs, that our own processes take for the API server itself. */

/** Key and certificate of the API server. */
export async function apiserverIdentity(profile: Profile): Promise<Required<HttpGateOptions>['identity']> {
  const file = (name: string) => readFile(join(certificateFolder(profile), name));
  return { key: await file('apiserver.key'), cert: await file('apiserver.crt') };
}

/** Writes the kubeconfig `name`, by which one goes to the port of that way. @returns its path */
export async function writeKubeconfig(profile: Profile, name: string, port: number): Promise<string> {
  const path = join(profile.stateFolder, 'kubeconfigs', name);
  await writeFile(path, through(stackKubeConfig(), port).exportConfig(), { mode: 0o600 });
  return path;
}
