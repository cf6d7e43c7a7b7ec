import { join } from 'node:path';
import type { Binaries } from './build.ts';
import { certificateFolder } from './certificates.ts';
import { clusterPaths, kubeconfigOf } from './cluster-files.ts';
import type { Profile } from './profile.ts';
import { answers, listens } from './ready.ts';
import { LOOPBACK, loopback } from './servers.ts';
import type { CLUSTER_SERVERS, Server } from './servers.ts';

/** Name of a server of the embedded cluster. */
export type ClusterServerName = (typeof CLUSTER_SERVERS)[number];

/** What the servers of the cluster are made of; containerd comes from the distribution. */
export type ClusterBinaries = Binaries<'kubernetes'>;

/** Every server of the embedded cluster. Pure: nothing is started or looked at. */
export function clusterServersOf(
  profile: Profile,
  binaries: ClusterBinaries,
): Readonly<Record<ClusterServerName, Server>> {
  return {
    etcd: etcd(profile, binaries),
    containerd: containerd(profile),
    'kube-apiserver': apiserver(profile, binaries),
    'kube-controller-manager': controllerManager(profile, binaries),
    'kube-scheduler': scheduler(profile, binaries),
    'local-provisioner': provisioner(profile, binaries),
    kubelet: kubelet(profile, binaries),
  };
}

function etcd({ ports, stateFolder }: Profile, binaries: ClusterBinaries): Server {
  const client = `http://${LOOPBACK}:${ports.etcd}`;
  const peer = `http://${LOOPBACK}:${ports.etcdPeer}`;
  const args = [
    ...['--name=local', `--data-dir=${join(stateFolder, 'etcd')}`],
    ...[`--listen-client-urls=${client}`, `--advertise-client-urls=${client}`],
    ...[`--listen-peer-urls=${peer}`, `--initial-advertise-peer-urls=${peer}`, `--initial-cluster=local=${peer}`],
    // What a power cut could take from a demo's cluster is not worth a wait for the disk at each write.
    ...['--unsafe-no-fsync', '--log-level=warn'],
  ];
  return {
    spec: { name: 'etcd', command: join(binaries.kubernetes, 'etcd'), args },
    addresses: [loopback('etcd', ports.etcd), loopback('etcd', ports.etcdPeer)],
    ready: answers(`${client}/readyz`),
  };
}

function containerd(profile: Profile): Server {
  const { containerdConfig, containerdSocket } = clusterPaths(profile);
  return {
    spec: { name: 'containerd', command: 'containerd', args: ['--config', containerdConfig] },
    addresses: [],
    ready: listens({ path: containerdSocket }),
  };
}

function apiserver(profile: Profile, binaries: ClusterBinaries): Server {
  const { ports, bridge } = profile;
  const file = (name: string) => join(certificateFolder(profile), name);
  const args = [
    ...[`--etcd-servers=http://${LOOPBACK}:${ports.etcd}`, `--bind-address=${LOOPBACK}`],
    ...[`--secure-port=${ports.apiserver}`, `--advertise-address=${bridge.address}`, '--endpoint-reconciler-type=none'],
    ...[`--client-ca-file=${file('ca.crt')}`, '--authorization-mode=Node,RBAC'],
    ...[`--tls-cert-file=${file('apiserver.crt')}`, `--tls-private-key-file=${file('apiserver.key')}`],
    ...['--enable-admission-plugins=NodeRestriction', '--allow-privileged=true', '--profiling=false'],
    `--kubelet-certificate-authority=${file('ca.crt')}`,
    `--kubelet-client-certificate=${file('apiserver-kubelet-client.crt')}`,
    `--kubelet-client-key=${file('apiserver-kubelet-client.key')}`,
    // The node's name is in no DNS.
    '--kubelet-preferred-address-types=InternalIP',
    ...['--service-account-issuer=https://kubernetes.default.svc', '--service-cluster-ip-range=10.96.0.0/16'],
    `--service-account-key-file=${file('tokens.pub')}`,
    `--service-account-signing-key-file=${file('tokens.key')}`,
  ];
  return {
    spec: { name: 'kube-apiserver', command: join(binaries.kubernetes, 'kube-apiserver'), args },
    addresses: [loopback('kube-apiserver', ports.apiserver)],
    ready: answers(`https://${LOOPBACK}:${ports.apiserver}/readyz`),
  };
}

/** With the default of 20 requests a second a hundred jobs at once wait in the client, not in the cluster. */
const REQUEST_RATE = ['--kube-api-qps=500', '--kube-api-burst=1000'];

function controllerManager(profile: Profile, binaries: ClusterBinaries): Server {
  const file = (name: string) => join(certificateFolder(profile), name);
  const args = [
    ...asClient(profile, 'controller-manager'),
    ...[`--bind-address=${LOOPBACK}`, `--secure-port=${profile.ports.controllerManager}`, '--leader-elect=false'],
    ...[`--root-ca-file=${file('ca.crt')}`, `--service-account-private-key-file=${file('tokens.key')}`],
    ...REQUEST_RATE,
    ...['--concurrent-job-syncs=20', '--profiling=false'],
  ];
  return {
    spec: { name: 'kube-controller-manager', command: join(binaries.kubernetes, 'kube-controller-manager'), args },
    addresses: [loopback('kube-controller-manager', profile.ports.controllerManager)],
    ready: answers(`https://${LOOPBACK}:${profile.ports.controllerManager}/healthz`),
  };
}

function scheduler(profile: Profile, binaries: ClusterBinaries): Server {
  const port = profile.ports.scheduler;
  const address = [`--bind-address=${LOOPBACK}`, `--secure-port=${port}`, '--leader-elect=false', '--profiling=false'];
  // A pod whose claims were bound at the very moment at which it was looked at has been left for the default of five minutes.
  const patience = '--pod-max-in-unschedulable-pods-duration=10s';
  const args = [...asClient(profile, 'scheduler'), ...address, ...REQUEST_RATE, patience];
  return {
    spec: { name: 'kube-scheduler', command: join(binaries.kubernetes, 'kube-scheduler'), args },
    addresses: [loopback('kube-scheduler', port)],
    ready: answers(`https://${LOOPBACK}:${port}/healthz`),
  };
}

function asClient(profile: Profile, user: string): readonly string[] {
  const file = kubeconfigOf(profile, user);
  return [`--kubeconfig=${file}`, `--authentication-kubeconfig=${file}`, `--authorization-kubeconfig=${file}`];
}

function provisioner(profile: Profile, binaries: ClusterBinaries): Server {
  const args = [
    `--kubeconfig=${kubeconfigOf(profile, 'provisioner')}`,
    `--folder=${clusterPaths(profile).volumes}`,
    `--node=${profile.nodeName}`,
  ];
  return {
    spec: { name: 'local-provisioner', command: join(binaries.kubernetes, 'local-provisioner'), args },
    addresses: [],
    ready: () => Promise.resolve(true),
  };
}

function kubelet(profile: Profile, binaries: ClusterBinaries): Server {
  const { kubeletConfig, kubeletRoot } = clusterPaths(profile);
  const args = [
    ...[`--config=${kubeletConfig}`, `--kubeconfig=${kubeconfigOf(profile, 'kubelet')}`],
    ...[`--root-dir=${kubeletRoot}`, `--cert-dir=${join(kubeletRoot, 'pki')}`],
    ...[`--hostname-override=${profile.nodeName}`, `--node-ip=${profile.bridge.address}`],
  ];
  return {
    spec: { name: 'kubelet', command: join(binaries.kubernetes, 'kubelet'), args },
    addresses: [
      loopback('kubelet', profile.ports.kubeletHealth),
      { host: profile.bridge.address, port: profile.ports.kubelet, wantedBy: 'kubelet' },
    ],
    ready: answers(`http://${LOOPBACK}:${profile.ports.kubeletHealth}/healthz`),
  };
}
