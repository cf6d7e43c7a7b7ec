/**
 * Runs once before the API and the worker: writes what they need to reach the cluster and to sign URLs, makes the bucket, and applies the
 * network policies of the jobs. What is there already stays, so that it may run at every start.
 */
import { access, readFile, rename, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { KubeConfig } from '#kubernetes-client';
import { emulatorKey, reachableKubeconfig } from './access.ts';
import { applyPolicies, jobPolicies } from './policies.ts';

const OWNER_ONLY = { mode: 0o600 };

const { values } = parseArgs({
  options: {
    'kubeconfig-from': { type: 'string' },
    'kubeconfig-to': { type: 'string' },
    'kubernetes-url': { type: 'string' },
    credentials: { type: 'string' },
    endpoint: { type: 'string' },
    bucket: { type: 'string' },
    policies: { type: 'string' },
    namespace: { type: 'string' },
  },
});

await writeKubeconfig(required('kubeconfig-from'), required('kubeconfig-to'), required('kubernetes-url'));
await writeKey(required('credentials'));
await makeBucket(required('endpoint'), required('bucket'));
await limitJobs(required('kubeconfig-to'), required('policies'), required('namespace'), required('endpoint'));

function required(name: keyof typeof values): string {
  const value = values[name];
  if (!value) throw new Error(`--${name} is required`);
  return value;
}

async function writeKubeconfig(from: string, to: string, server: string): Promise<void> {
  await writeWhole(to, reachableKubeconfig(await readFile(from, 'utf8'), server));
}

async function writeKey(file: string): Promise<void> {
  const exists = await access(file).then(
    () => true,
    () => false,
  );
  if (!exists) await writeWhole(file, emulatorKey());
}

async function limitJobs(kubeconfig: string, policies: string, namespace: string, endpoint: string): Promise<void> {
  const kubeConfig = new KubeConfig();
  kubeConfig.loadFromFile(kubeconfig);
  await applyPolicies(kubeConfig, jobPolicies(await readFile(policies, 'utf8'), namespace, endpoint));
}

/** A reader never meets half a file. */
async function writeWhole(file: string, content: string): Promise<void> {
  await writeFile(`${file}.part`, content, OWNER_ONLY);
  await rename(`${file}.part`, file);
}

async function makeBucket(endpoint: string, name: string): Promise<void> {
  const response = await fetch(`${endpoint}/storage/v1/b?project=compose`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name }),
  });
  const isThere = response.ok || response.status === 409;
  if (!isThere) throw new Error(`bucket ${name} could not be made: HTTP ${response.status} ${await response.text()}`);
}
