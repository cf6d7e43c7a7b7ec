import { join } from 'node:path';
import type { Binaries } from './build.ts';
import { certificateFolder } from './certificates.ts';
import { clusterPaths, kubeconfigOf } from './cluster-files.ts';
import type { Address } from './ports.ts';
import type { ProcessSpec } from './processes.ts';
import type { Profile } from './profile.ts';
import { answers, listens } from './ready.ts';
import type { ReadyCheck } from './ready.ts';

/** Names of the servers that others made, in the order in which a person reads them. */
export const SERVER_NAMES = [
  'etcd',
  'containerd',
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
  'local-provisioner',
  'kubelet',
  'temporal',
  'mongodb',
  'gcs',
] as const;
export type ServerName = (typeof SERVER_NAMES)[number];

/** A server of the stack: how it is started, where it listens, and how to see that it works. */
export interface Server {
  readonly spec: ProcessSpec;
  readonly addresses: readonly Address[];
  readonly ready: ReadyCheck;
  /** Where a person finds it. */
  readonly url?: string;
}

const LOOPBACK = '127.0.0.1';

/** Every server of a profile. Pure: nothing is started or looked at. */
export function serversOf(profile: Profile, binaries: Binaries): Readonly<Record<ServerName, Server>> {
  return {
    etcd: etcd(profile, binaries),
    containerd: containerd(profile),
    'kube-apiserver': apiserver(profile, binaries),
    'kube-controller-manager': controllerManager(profile, binaries),
    'kube-scheduler': scheduler(profile, binaries),
    'local-provisioner': provisioner(profile, binaries),
    kubelet: kubelet(profile, binaries),
    temporal: temporal(profile, binaries),
    mongodb: mongodb(profile, binaries),
    gcs: gcs(profile, binaries),
  };
}

function etcd({ ports, stateFolder }: Profile, binaries: Binaries): Server {
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
    spec: { name: 'etcd', command: join(binaries.etcd, 'etcd'), args },
    addresses: [listener('etcd', ports.etcd), listener('etcd', ports.etcdPeer)],
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

function apiserver(profile: Profile, binaries: Binaries): Server {
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
  const url = `https://${LOOPBACK}:${ports.apiserver}`;
  return {
    spec: { name: 'kube-apiserver', command: join(binaries.kubernetes, 'kube-apiserver'), args },
    addresses: [listener('kube-apiserver', ports.apiserver)],
    ready: answers(`${url}/readyz`),
    url,
  };
}

/** With the default of 20 requests a second a hundred jobs at once wait in the client, not in the cluster. */
const REQUEST_RATE = ['--kube-api-qps=500', '--kube-api-burst=1000'];

function controllerManager(profile: Profile, binaries: Binaries): Server {
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
    addresses: [listener('kube-controller-manager', profile.ports.controllerManager)],
    ready: answers(`https://${LOOPBACK}:${profile.ports.controllerManager}/healthz`),
  };
}

function scheduler(profile: Profile, binaries: Binaries): Server {
  const port = profile.ports.scheduler;
  const address = [`--bind-address=${LOOPBACK}`, `--secure-port=${port}`, '--leader-elect=false', '--profiling=false'];
  const args = [...asClient(profile, 'scheduler'), ...address, ...REQUEST_RATE];
  return {
    spec: { name: 'kube-scheduler', command: join(binaries.kubernetes, 'kube-scheduler'), args },
    addresses: [listener('kube-scheduler', port)],
    ready: answers(`https://${LOOPBACK}:${port}/healthz`),
  };
}

function asClient(profile: Profile, user: string): readonly string[] {
  const file = kubeconfigOf(profile, user);
  return [`--kubeconfig=${file}`, `--authentication-kubeconfig=${file}`, `--authorization-kubeconfig=${file}`];
}

function provisioner(profile: Profile, binaries: Binaries): Server {
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

function kubelet(profile: Profile, binaries: Binaries): Server {
  const { kubeletConfig, kubeletRoot } = clusterPaths(profile);
  const args = [
    ...[`--config=${kubeletConfig}`, `--kubeconfig=${kubeconfigOf(profile, 'kubelet')}`],
    ...[`--root-dir=${kubeletRoot}`, `--cert-dir=${join(kubeletRoot, 'pki')}`],
    ...[`--hostname-override=${profile.nodeName}`, `--node-ip=${profile.bridge.address}`],
  ];
  return {
    spec: { name: 'kubelet', command: join(binaries.kubernetes, 'kubelet'), args },
    addresses: [
      listener('kubelet', profile.ports.kubeletHealth),
      { host: profile.bridge.address, port: profile.ports.kubelet, wantedBy: 'kubelet' },
    ],
    ready: answers(`http://${LOOPBACK}:${profile.ports.kubeletHealth}/healthz`),
  };
}

function temporal({ ports, stateFolder }: Profile, binaries: Binaries): Server {
  const args = [
    ...['server', 'start-dev', '--ip', LOOPBACK, '--port', `${ports.temporal}`, '--ui-port', `${ports.temporalUi}`],
    ...['--db-filename', join(stateFolder, 'temporal.sqlite'), '--log-level', 'warn'],
    ...['--sqlite-pragma', 'journal_mode=WAL', '--sqlite-pragma', 'synchronous=OFF'],
    ...['--dynamic-config-value', 'system.enableActivityEagerExecution=true'],
  ];
  const url = `http://${LOOPBACK}:${ports.temporalUi}`;
  return {
    spec: { name: 'temporal', command: join(binaries.temporal, 'temporal'), args },
    addresses: [listener('temporal', ports.temporal), listener('the Temporal Web UI', ports.temporalUi)],
    // Asked through the Web UI, so that both are known to work.
    ready: answers(`${url}/api/v1/namespaces/default`),
    url,
  };
}

function mongodb({ ports, stateFolder }: Profile, binaries: Binaries): Server {
  const args = ['-listen', `${LOOPBACK}:${ports.mongodb}`, '-dir', join(stateFolder, 'mongodb')];
  return {
    spec: { name: 'mongodb', command: join(binaries.ferretdb, 'ferretdb'), args },
    addresses: [listener('mongodb', ports.mongodb)],
    ready: listens({ host: LOOPBACK, port: ports.mongodb }),
    url: `mongodb://${LOOPBACK}:${ports.mongodb}`,
  };
}

/** Listens on the bridge: a signed URL holds under one host only, which pods and this machine must both reach. */
function gcs({ ports, bridge, stateFolder }: Profile, binaries: Binaries): Server {
  const address = `${bridge.address}:${ports.gcs}`;
  const args = [
    ...['-scheme', 'http', '-host', bridge.address, '-port', `${ports.gcs}`],
    ...['-public-host', address, '-external-url', `http://${address}`],
    ...['-backend', 'filesystem', '-filesystem-root', join(stateFolder, 'bucket'), '-log-level', 'warn'],
  ];
  return {
    spec: { name: 'gcs', command: join(binaries.gcs, 'fake-gcs-server'), args },
    addresses: [{ host: bridge.address, port: ports.gcs, wantedBy: 'gcs' }],
    ready: answers(`http://${address}/_internal/healthcheck`),
    url: `http://${address}`,
  };
}

function listener(wantedBy: string, port: number): Address {
  return { host: LOOPBACK, port, wantedBy };
}
