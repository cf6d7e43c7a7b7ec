import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KubeConfig, KubernetesObject, V1Role } from '@kubernetes/client-node';
import { parseAllDocuments } from 'yaml';
import { loadKubeConfig } from '../../cluster/connect.ts';
import { applyWithPolicies, POLICY_KINDS, withSettings } from './admission.ts';
import { required } from './environment.ts';
import { stackKubeConfig } from './kube-config.ts';
import type { Closing } from './scope.ts';
import { runTool } from './tools.ts';

/** What `deploy/kubernetes` gives to who installs the service, applied to namespaces of a test's own. */

const FOLDER = join(import.meta.dirname, '..', '..', 'deploy', 'kubernetes');

/** The namespaces that the files name. */
const SERVICE_NAMESPACE = 'kubernetes-task-runner';
const JOBS_NAMESPACE = 'kubernetes-task-runner-jobs';

/** Longer than any run of tests or measures. */
const TOKEN_LIFE = '12h';

/** Who the files give rights to. */
export type Account = 'kubernetes-task-runner-worker' | 'kubernetes-task-runner-api';

/** How a process of ours is told where the cluster is, and who it is there. */
export type AccountEnvironment = Readonly<
  Record<'KUBERNETES_API_URL' | 'KUBERNETES_API_KEY' | 'KUBERNETES_CA_FILE', string>
>;

/** Applies all files, for jobs in `namespace`; all is gone with the namespaces when the test ends. */
export async function applyShipped(context: Closing, namespace: string): Promise<void> {
  const settings = {
    transferImage: required('TRANSFER_IMAGE'),
    bucketEndpoint: required('GC_API_ENDPOINT'),
    ownerSecrets: [],
  };
  const items = (await readShipped()).map((object) => withSettings(object, settings));
  await applyWithPolicies(
    context,
    items.map((object) => moved(object, namespace)),
  );
  context.after(() => runTool('kubectl', 'delete', 'namespace', serviceNamespaceOf(namespace), '--wait=false'));
}

/** Every object of the files, as it stands there. */
export async function readShipped(): Promise<readonly KubernetesObject[]> {
  const files = (await readdir(FOLDER)).filter((file) => file.endsWith('.yaml')).sort();
  const texts = await Promise.all(files.map((file) => readFile(join(FOLDER, file), 'utf8')));
  return texts.flatMap((text) => parseAllDocuments(text).map((document) => document.toJS() as KubernetesObject));
}

/** The rights that the files give to `account`. */
export async function shippedRoleOf(account: Account): Promise<V1Role> {
  const role = (await readShipped()).find(({ kind, metadata }) => kind === 'Role' && metadata?.name === account);
  if (role === undefined) throw new Error(`no Role is called ${account}`);
  return role;
}

/** What tells a process that it is `account`, which {@link applyShipped} has made. */
export async function environmentOfAccount(
  context: Closing,
  account: Account,
  namespace: string,
): Promise<AccountEnvironment> {
  const cluster = stackKubeConfig(namespace).getCurrentCluster();
  const caFile = join(await temporaryFolder(context), 'ca.crt');
  await writeFile(caFile, Buffer.from(cluster?.caData ?? '', 'base64'));
  const asAccount = [account, '--namespace', serviceNamespaceOf(namespace), '--duration', TOKEN_LIFE];
  const token = await runTool('kubectl', 'create', 'token', ...asAccount);
  return {
    KUBERNETES_API_URL: cluster?.server ?? '',
    KUBERNETES_API_KEY: token.trim(),
    KUBERNETES_CA_FILE: caFile,
  };
}

/** The way to the cluster as such an account. */
export function kubeConfigOfAccount(environment: AccountEnvironment, namespace: string): KubeConfig {
  const { KUBERNETES_API_URL: apiUrl, KUBERNETES_API_KEY: apiKey, KUBERNETES_CA_FILE: caFile } = environment;
  return loadKubeConfig({ namespace, apiUrl, apiKey, caFile });
}

/** The same object, or binding, where the test wants it. */
function moved(object: KubernetesObject, namespace: string): unknown {
  const names: Readonly<Record<string, string>> = {
    [SERVICE_NAMESPACE]: serviceNamespaceOf(namespace),
    [JOBS_NAMESPACE]: namespace,
  };
  if (POLICY_KINDS.includes(object.kind ?? '')) return movedPolicy(object, namespace);
  const { metadata, ...rest } = object;
  const { subjects } = rest as { subjects?: readonly { readonly namespace: string }[] };
  const key = object.kind === 'Namespace' ? 'name' : 'namespace';
  return {
    ...rest,
    metadata: { ...metadata, [key]: names[metadata?.[key] ?? ''] },
    ...(subjects && { subjects: subjects.map((subject) => ({ ...subject, namespace: names[subject.namespace] })) }),
  };
}

/** A policy is in no namespace: it says in its name and in its expressions where its worker is. */
function movedPolicy(object: KubernetesObject, namespace: string): unknown {
  const text = JSON.stringify(object)
    .replaceAll(`worker.${SERVICE_NAMESPACE}"`, `worker.${serviceNamespaceOf(namespace)}"`)
    .replaceAll(`serviceaccount:${SERVICE_NAMESPACE}:`, `serviceaccount:${serviceNamespaceOf(namespace)}:`)
    .replaceAll(`"${JOBS_NAMESPACE}"`, `"${namespace}"`);
  return JSON.parse(text);
}

function serviceNamespaceOf(namespace: string): string {
  return `${namespace}-service`;
}

async function temporaryFolder(context: Closing): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'shipped-'));
  context.after(() => rm(folder, { recursive: true }));
  return folder;
}
