import { KubernetesObjectApi, loadAllYaml, PatchStrategy } from '#kubernetes-client';
import type { KubeConfig, V1NetworkPolicy } from '@kubernetes/client-node';

/** Owner of the fields that are applied. */
const FIELD_MANAGER = 'kubernetes-task-runner';

/**
 * The policies of `text` in `namespace`, and one beside them that opens the emulator of the bucket, whose address is private.
 * @param text the policies that are shipped, as YAML
 * @param endpoint URL of the emulator, with an IPv4 address and a port
 */
export function jobPolicies(text: string, namespace: string, endpoint: string): readonly V1NetworkPolicy[] {
  const shipped = loadAllYaml(text) as readonly V1NetworkPolicy[];
  return [...shipped, emulatorPolicy(endpoint)].map((policy) => ({
    ...policy,
    metadata: { ...policy.metadata, namespace },
  }));
}

function emulatorPolicy(endpoint: string): V1NetworkPolicy {
  const { hostname, port } = new URL(endpoint);
  const peers = [{ ipBlock: { cidr: `${hostname}/32` } }];
  const ports = [{ protocol: 'TCP', port: Number(port) }];
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'reach-the-emulator' },
    spec: { podSelector: {}, policyTypes: ['Egress'], egress: [{ to: peers, ports }] },
  };
}

/** Creates the policies, or makes those that exist what they are here. */
export async function applyPolicies(kubeConfig: KubeConfig, policies: readonly V1NetworkPolicy[]): Promise<void> {
  const api = KubernetesObjectApi.makeApiClient(kubeConfig);
  for (const policy of policies)
    await api.patch(policy, undefined, undefined, FIELD_MANAGER, true, PatchStrategy.ServerSideApply);
}
