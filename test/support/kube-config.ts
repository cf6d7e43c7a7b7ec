import type { KubeConfig } from '@kubernetes/client-node';
import { loadKubeConfig } from '../../cluster/connect.ts';
import { required } from './environment.ts';

/** The way to the cluster of the stack; to its own namespace unless another is said. */
export function stackKubeConfig(namespace = required('KUBERNETES_NAMESPACE')): KubeConfig {
  return loadKubeConfig({ namespace, kubeconfigPath: required('KUBECONFIG') });
}
