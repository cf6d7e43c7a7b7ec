import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KubernetesObject } from '@kubernetes/client-node';
import { parseAllDocuments } from 'yaml';
import { buildServers } from '../../deploy/local/build.ts';
import { run } from '../../deploy/local/command.ts';
import { createProgress } from '../../deploy/local/progress.ts';

/** Helm itself, of pinned sources, and the chart. */

const REPOSITORY = join(import.meta.dirname, '..', '..');
const CHART = join(REPOSITORY, 'deploy', 'chart');

/** Without a cluster Helm takes one for granted that is older than any that the chart is for. */
const WITHOUT_CLUSTER = ['--kube-version', '1.34.3'];

/** Values as a file of them has them. */
export type Values = Readonly<Record<string, unknown>>;

/** Release and namespace by which all has the names of deploy/kubernetes. */
const SHIPPED_NAME = 'kubernetes-task-runner';

/** Runs Helm with `values`, if they are given. @returns what it printed. @throws CommandError */
export async function helm(args: readonly string[], values?: Values): Promise<string> {
  const { helm: programs } = await buildServers(join(REPOSITORY, 'deploy/local/charts'), ['helm'], createProgress());
  const folder = await mkdtemp(join(tmpdir(), 'helm-'));
  try {
    const file = join(folder, 'values.json');
    await writeFile(file, JSON.stringify(values ?? {}), { mode: 0o600 });
    const given = values === undefined ? [] : ['--values', file];
    return (await run(join(programs, 'helm'), [...args, ...given])).stdout;
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Checks the chart with these values, warnings among the faults. @returns what was said */
export async function lint(values?: Values): Promise<string> {
  return await helm(['lint', CHART, '--strict', ...WITHOUT_CLUSTER], values);
}

/** Every object that a release would have. */
export async function render(values: Values, name = SHIPPED_NAME, namespace = name): Promise<KubernetesObject[]> {
  const text = await helm(['template', name, CHART, '--namespace', namespace, ...WITHOUT_CLUSTER], values);
  const documents = parseAllDocuments(text).map((document) => document.toJS() as KubernetesObject | null);
  return documents.filter((object) => object !== null);
}

/** Installs the release `name` and waits until its pods are ready. @returns what was said */
export async function install(name: string, namespace: string, values: Values, ...more: string[]): Promise<string> {
  const inNamespace = ['--namespace', namespace, '--wait', '--timeout', '3m'];
  return await helm(['install', name, CHART, ...inNamespace, ...more], values);
}

/** Changes the values of a release, which keeps its other ones, and waits until its pods are ready. */
export async function upgrade(name: string, namespace: string, values: Values): Promise<void> {
  const inNamespace = ['--namespace', namespace, '--wait', '--timeout', '3m'];
  await helm(['upgrade', name, CHART, '--reuse-values', ...inNamespace], values);
}
