import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { certificateFolder } from './certificates.ts';
import { writeWhole } from './files.ts';
import type { Profile } from './profile.ts';

/** Where the cluster's files are; all of them are made by {@link writeClusterFiles}. */
export interface ClusterPaths {
  readonly containerdConfig: string;
  readonly containerdSocket: string;
  readonly containerdRoot: string;
  readonly containerdState: string;
  readonly runcRoot: string;
  readonly cniConfig: string;
  readonly kubeletConfig: string;
  readonly kubeletRoot: string;
  readonly volumes: string;
  readonly podLogs: string;
  /** Kubeconfig of an administrator: what `make up` hands out. */
  readonly kubeconfig: string;
}

/** Names all files of a cluster. */
export function clusterPaths(profile: Profile): ClusterPaths {
  const inState = (...parts: string[]) => join(profile.stateFolder, ...parts);
  return {
    containerdConfig: inState('containerd', 'config.toml'),
    containerdSocket: join(profile.runFolder, 'containerd.sock'),
    containerdRoot: inState('containerd', 'root'),
    containerdState: inState('containerd', 'state'),
    runcRoot: join(profile.runFolder, 'runc'),
    cniConfig: inState('cni', 'net.d'),
    kubeletConfig: inState('kubelet.json'),
    kubeletRoot: inState('kubelet'),
    volumes: inState('volumes'),
    podLogs: inState('logs', 'pods'),
    kubeconfig: inState('kubeconfig'),
  };
}

/** Kubeconfig of one of the servers. */
export function kubeconfigOf(profile: Profile, user: string): string {
  return user === 'admin' ? clusterPaths(profile).kubeconfig : join(profile.stateFolder, 'kubeconfigs', user);
}

/** Writes the configuration of containerd, the pod network and the kubelet, and a kubeconfig for each client. */
export async function writeClusterFiles(profile: Profile, pauseImage: string, cniPlugins: string): Promise<void> {
  const paths = clusterPaths(profile);
  await mkdir(profile.runFolder, { recursive: true, mode: 0o755 });
  await mkdir(paths.volumes, { recursive: true });
  await mkdir(paths.podLogs, { recursive: true });
  await writeWhole(paths.containerdConfig, containerdConfig(paths, pauseImage, cniPlugins));
  await writeWhole(join(paths.cniConfig, '10-bridge.conflist'), JSON.stringify(podNetwork(profile), null, 2));
  await writeWhole(paths.kubeletConfig, JSON.stringify(kubeletConfig(profile), null, 2));
  await writeKubeconfigs(profile);
}

/** Writes a kubeconfig for each client of the cluster. */
export async function writeKubeconfigs(profile: Profile): Promise<void> {
  for (const user of ['admin', 'controller-manager', 'scheduler', 'provisioner', 'kubelet']) {
    await writeWhole(kubeconfigOf(profile, user), JSON.stringify(await kubeconfig(profile, user), null, 2));
  }
}

function containerdConfig(paths: ClusterPaths, pauseImage: string, cniPlugins: string): string {
  const text = (value: string) => JSON.stringify(value);
  const cri = 'plugins."io.containerd.grpc.v1.cri"';
  return `version = 2
root = ${text(paths.containerdRoot)}
state = ${text(paths.containerdState)}
disabled_plugins = ["io.containerd.internal.v1.opt", "io.containerd.snapshotter.v1.aufs", "io.containerd.snapshotter.v1.btrfs", "io.containerd.snapshotter.v1.devmapper", "io.containerd.snapshotter.v1.zfs"]

[grpc]
address = ${text(paths.containerdSocket)}

[${cri}]
sandbox_image = ${text(pauseImage)}
# Namespaces stand below the state folder, so that one sweep of its mounts removes them.
netns_mounts_under_state_dir = true
# A machine without CAP_SYS_RESOURCE may not lower oom_score_adj.
restrict_oom_score_adj = true

[${cri}.cni]
bin_dir = ${text(cniPlugins)}
conf_dir = ${text(paths.cniConfig)}

[${cri}.containerd]
snapshotter = "overlayfs"
default_runtime_name = "runc"

[${cri}.containerd.runtimes.runc]
runtime_type = "io.containerd.runc.v2"

[${cri}.containerd.runtimes.runc.options]
Root = ${text(paths.runcRoot)}
SystemdCgroup = false
`;
}

/** Pods reach the bridge and each other, and nothing else: neither masquerading nor forwarding is asked of the machine. */
function podNetwork(profile: Profile): unknown {
  const { bridge, stateFolder } = profile;
  const ipam = {
    type: 'host-local',
    ranges: [[{ subnet: bridge.subnet, rangeStart: bridge.address.replace(/\.1$/, '.10') }]],
    dataDir: join(stateFolder, 'cni', 'addresses'),
  };
  const plugin = { type: 'bridge', bridge: bridge.name, isGateway: false, ipMasq: false, hairpinMode: true, ipam };
  return { cniVersion: '0.4.0', name: bridge.name, plugins: [plugin] };
}

function kubeletConfig(profile: Profile): unknown {
  const paths = clusterPaths(profile);
  const certificates = certificateFolder(profile);
  const runtime = `unix://${paths.containerdSocket}`;
  return {
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    kind: 'KubeletConfiguration',
    address: profile.bridge.address,
    port: profile.ports.kubelet,
    readOnlyPort: 0,
    healthzBindAddress: '127.0.0.1',
    healthzPort: profile.ports.kubeletHealth,
    authentication: {
      anonymous: { enabled: false },
      webhook: { enabled: false },
      x509: { clientCAFile: join(certificates, 'ca.crt') },
    },
    authorization: { mode: 'AlwaysAllow' },
    tlsCertFile: join(certificates, 'kubelet-server.crt'),
    tlsPrivateKeyFile: join(certificates, 'kubelet-server.key'),
    containerRuntimeEndpoint: runtime,
    imageServiceEndpoint: runtime,
    cgroupDriver: 'cgroupfs',
    cgroupRoot: `/${profile.cgroupRoot}`,
    clusterDomain: 'cluster.local',
    clusterDNS: [profile.bridge.address],
    podLogsDir: paths.podLogs,
    volumePluginDir: join(paths.kubeletRoot, 'plugins-exec'),
    // The images are local and few, and the disk belongs to the person: nothing is evicted or collected for its sake.
    imageGCHighThresholdPercent: 100,
    evictionHard: { 'memory.available': '50Mi', 'nodefs.available': '0%', 'imagefs.available': '0%' },
    failSwapOn: false,
    makeIPTablesUtilChains: false,
    oomScoreAdj: 0,
    maxPods: 110,
    serializeImagePulls: false,
    syncFrequency: '10s',
    kubeAPIQPS: 500,
    kubeAPIBurst: 1000,
    eventRecordQPS: 0,
  };
}

async function kubeconfig(profile: Profile, user: string): Promise<unknown> {
  const folder = certificateFolder(profile);
  const base64 = async (file: string) => (await readFile(join(folder, file))).toString('base64');
  const server = `https://127.0.0.1:${profile.ports.apiserver}`;
  const name = profile.nodeName;
  return {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name, cluster: { server, 'certificate-authority-data': await base64('ca.crt') } }],
    users: [
      {
        name: user,
        user: {
          'client-certificate-data': await base64(`${user}.crt`),
          'client-key-data': await base64(`${user}.key`),
        },
      },
    ],
    contexts: [{ name, context: { cluster: name, user } }],
    'current-context': name,
  };
}
