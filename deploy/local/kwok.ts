import { join } from 'node:path';
import type { Binaries } from './build.ts';
import { kubeconfigOf } from './cluster-files.ts';
import { createIfAbsent } from './kube-api.ts';
import type { Profile } from './profile.ts';
import { answers } from './ready.ts';
import { LOOPBACK, loopback } from './servers.ts';
import type { Server } from './servers.ts';

/** Pinned sources of kwok, which needs other versions than the servers beside it, and what it is told. */
export function kwokFolder(profile: Profile): string {
  return join(profile.repository, 'deploy', 'local', 'fake-nodes');
}

/**
 * Plays the kubelet of the stack's node: its pods run and end without a container. Their logs are left to whoever listens on the port
 * of the kubelet: kwok ends each log at its last line, as if the container had ended, and so is asked for it again and again.
 */
export function kwokServer(profile: Profile, binaries: Binaries<'kwok'>): Server {
  const { kubelet, kubeletHealth: port } = profile.ports;
  const args = [
    ...[`--kubeconfig=${kubeconfigOf(profile, 'admin')}`, `--config=${join(kwokFolder(profile), 'kwok.yaml')}`],
    ...[`--manage-single-node=${profile.nodeName}`, '--node-lease-duration-seconds=40'],
    ...[`--node-ip=${LOOPBACK}`, `--node-name=${profile.nodeName}`, `--node-port=${kubelet}`],
    ...[`--server-address=${LOOPBACK}:${port}`, '--cidr=10.128.0.1/12'],
  ];
  return {
    spec: { name: 'kwok', command: join(binaries.kwok, 'kwok'), args },
    addresses: [loopback('kwok', port)],
    ready: answers(`http://${LOOPBACK}:${port}/healthz`),
  };
}

/** Registers the node, with room for any number of pods; kwok makes it ready. */
export async function makeFakeNode(profile: Profile): Promise<void> {
  const resources = { cpu: '100000', memory: '1000Ti', 'ephemeral-storage': '1000Ti', pods: '100000' };
  await createIfAbsent(profile, '/api/v1/nodes', {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: profile.nodeName, labels: { 'kubernetes.io/hostname': profile.nodeName } },
    status: { capacity: resources, allocatable: resources },
  });
}
