import { clusterPaths } from './cluster-files.ts';
import { run } from './command.ts';
import type { LocalImage } from './images.ts';
import { createIfAbsent, kubeRequest } from './kube-api.ts';
import type { Profile } from './profile.ts';
import { becomesTrue } from './ready.ts';

const NODE_READY_MS = 60_000;

/** Gives the cluster a default storage class: claims are bound as soon as they are made, before any pod asks. */
export async function makeStorageClass(profile: Profile): Promise<void> {
  await createIfAbsent(profile, '/apis/storage.k8s.io/v1/storageclasses', {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: { name: 'local', annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
    provisioner: 'kubernetes-task-runner/local',
    reclaimPolicy: 'Delete',
    volumeBindingMode: 'Immediate',
  });
}

const NODE_READER = 'node-reads-what-pods-mount';
const RBAC = '/apis/rbac.authorization.k8s.io/v1';

/**
 * Lets the node read claims, volumes and secrets whether or not it is known yet that a pod of it needs them. The node authorizer
 * learns that from watches of its own; a kubelet that is quicker is refused once and tries again only after ten seconds.
 */
export async function letNodeRead(profile: Profile): Promise<void> {
  const apiVersion = 'rbac.authorization.k8s.io/v1';
  const metadata = { name: NODE_READER };
  const resources = ['persistentvolumeclaims', 'persistentvolumes', 'secrets', 'configmaps'];
  await createIfAbsent(profile, `${RBAC}/clusterroles`, {
    ...{ apiVersion, kind: 'ClusterRole', metadata },
    rules: [{ apiGroups: [''], resources, verbs: ['get', 'list', 'watch'] }],
  });
  await createIfAbsent(profile, `${RBAC}/clusterrolebindings`, {
    ...{ apiVersion, kind: 'ClusterRoleBinding', metadata },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: NODE_READER },
    subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'Group', name: 'system:nodes' }],
  });
}

/**
 * Waits until pods can be made: the node is ready, and its namespace has the account that pods run under.
 * What the node said before `sinceMs` (epoch milliseconds) does not count: a new kubelet finds an old one's words.
 */
export async function waitForNode(profile: Profile, sinceMs: number): Promise<void> {
  const path = `/api/v1/nodes/${profile.nodeName}`;
  const nodeReady = async () => isReady((await kubeRequest(profile, 'GET', path)).body, sinceMs);
  const account = async () =>
    (await kubeRequest(profile, 'GET', '/api/v1/namespaces/default/serviceaccounts/default')).status === 200;
  const both = async () => (await nodeReady()) && (await account());
  if (!(await becomesTrue(() => both().catch(() => false), NODE_READY_MS))) {
    throw new Error(`The node did not become ready in ${NODE_READY_MS / 1000} s; see \`make logs\`.`);
  }
}

/** Hands the images to containerd; those that it has already, by digest, are left alone. */
export async function importImages(profile: Profile, images: Readonly<Record<string, LocalImage>>): Promise<void> {
  const stdout = await ctrImages(profile, 'list');
  const known = new Map(
    stdout
      .split('\n')
      .map((line) => line.split(/\s+/))
      .map(([name = '', , digest]) => [name, digest]),
  );
  for (const image of Object.values(images)) {
    if (known.get(`docker.io/${image.reference}`) === image.digest) continue;
    await importArchive(profile, image.archive);
  }
}

/** Hands the images of one archive to containerd. */
export async function importArchive(profile: Profile, archive: string): Promise<void> {
  await ctrImages(profile, 'import', archive);
}

async function ctrImages(profile: Profile, ...args: string[]): Promise<string> {
  const address = clusterPaths(profile).containerdSocket;
  return (await run('ctr', ['--address', address, '--namespace', 'k8s.io', 'images', ...args])).stdout;
}

function isReady(node: unknown, sinceMs: number): boolean {
  interface Condition {
    readonly type: string;
    readonly status: string;
    readonly lastHeartbeatTime: string;
  }
  const conditions = (node as { status?: { conditions?: Condition[] } }).status?.conditions ?? [];
  const ready = conditions.find(({ type, status }) => type === 'Ready' && status === 'True');
  // Kubernetes' times are whole seconds, rounded down.
  return ready !== undefined && Date.parse(ready.lastHeartbeatTime) + 1_000 > sinceMs;
}
