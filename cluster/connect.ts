import { readFileSync } from 'node:fs';
import type { KubeConfig } from '@kubernetes/client-node';
import type { KubernetesConfig } from '../config.ts';
import { SharingKubeConfig } from './shared-connections.ts';

/**
 * The cluster to talk to: `apiUrl` with its key if given, else the kubeconfig file, else the client's own search
 * (KUBECONFIG, ~/.kube/config, the pod's service account).
 */
export function loadKubeConfig(config: KubernetesConfig): KubeConfig {
  const kubeConfig = new SharingKubeConfig();
  if (config.apiUrl) loadFromUrl(kubeConfig, config.apiUrl, config);
  else if (config.kubeconfigPath) kubeConfig.loadFromFile(config.kubeconfigPath);
  else kubeConfig.loadFromDefault();
  return kubeConfig;
}

function loadFromUrl(kubeConfig: KubeConfig, server: string, config: KubernetesConfig): void {
  const caData = config.caFile && readFileSync(config.caFile).toString('base64');
  kubeConfig.loadFromClusterAndUser(
    { name: 'cluster', server, skipTLSVerify: false, ...(caData && { caData }) },
    { name: 'user', ...(config.apiKey && { token: config.apiKey }) },
  );
}
