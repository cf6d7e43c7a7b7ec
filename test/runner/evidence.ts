import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { toolFolder } from '../../deploy/local/env-file.ts';
import { run } from '../../deploy/local/command.ts';
import { clusterPaths } from '../../deploy/local/cluster-files.ts';
import type { Profile } from '../../deploy/local/profile.ts';
import { isPassed, type RunResult } from './result.ts';

/** Kinds whose last state is kept; Secrets by their names alone. */
const KINDS = 'jobs,pods,persistentvolumeclaims,persistentvolumes,events,leases,nodes,resourcequotas';

/** Workflows that did not end well, or not yet. */
const NOT_COMPLETED = "ExecutionStatus != 'Completed'";

/** Bounds the folder: a run that goes wrong altogether leaves thousands of workflows. */
const MAX_HISTORIES = 200;

const LIMIT_MS = 60_000;

/**
 * Leaves one folder with what a failed run can be understood by: logs of the servers and of the failed tests, histories of workflows
 * that have not completed or that a failure names, and the objects of the cluster. What cannot be read is left out, with the reason.
 * @returns the folder, below `.local/test-failures`
 */
export async function keepEvidence(profile: Profile, results: readonly RunResult[], testLogs: string): Promise<string> {
  const name = new Date().toISOString().replaceAll(':', '.');
  const folder = join(profile.repository, '.local', 'test-failures', name);
  const failed = results.filter((result) => !isPassed(result));
  await mkdir(folder, { recursive: true });
  await Promise.all([
    attempt(folder, 'logs', () => cp(join(profile.stateFolder, 'logs'), join(folder, 'logs'), { recursive: true })),
    attempt(folder, 'tests', () => copyLogs(failed, testLogs, join(folder, 'tests'))),
    attempt(folder, 'cluster', () => keepCluster(profile, join(folder, 'cluster'))),
    attempt(folder, 'histories', () => keepHistories(profile, failed, join(folder, 'histories'))),
  ]);
  return folder;
}

async function attempt(folder: string, part: string, keep: () => Promise<void>): Promise<void> {
  await keep().catch((error: unknown) => writeFile(join(folder, `${part}-missing.txt`), `${String(error)}\n`));
}

async function copyLogs(failed: readonly RunResult[], from: string, to: string): Promise<void> {
  for (const { name } of failed) await cp(join(from, `${name}.log`), join(to, `${name}.log`)).catch(() => undefined);
}

async function keepCluster(profile: Profile, folder: string): Promise<void> {
  await mkdir(folder);
  const kubectl = async (file: string, ...args: readonly string[]) => {
    const options = { env: { KUBECONFIG: clusterPaths(profile).kubeconfig }, timeoutMs: LIMIT_MS };
    const { stdout } = await run(join(toolFolder(profile), 'kubectl'), ['--request-timeout=20s', ...args], options);
    await writeFile(join(folder, file), stdout);
  };
  await kubectl('objects.yaml', 'get', KINDS, '--all-namespaces', '--output=yaml');
  await kubectl('secrets.txt', 'get', 'secrets', '--all-namespaces', '--output=name');
  await kubectl('pods.txt', 'describe', 'pods', '--all-namespaces');
}

async function keepHistories(profile: Profile, failed: readonly RunResult[], folder: string): Promise<void> {
  await mkdir(folder);
  const reasons = failed.flatMap(({ failures }) => failures.map(({ reason }) => reason)).join('\n');
  const temporal = async (...args: readonly string[]) => {
    const address = ['--address', `127.0.0.1:${profile.ports.temporal}`];
    const { stdout } = await run(join(toolFolder(profile), 'temporal'), [...args, ...address], { timeoutMs: LIMIT_MS });
    return stdout;
  };
  for (const namespace of namesIn(await temporal('operator', 'namespace', 'list', '--output', 'json'))) {
    const list = (query: string) =>
      temporal('workflow', 'list', '--namespace', namespace, '--query', query, '--output', 'json');
    const all = idsIn(await list('')).filter((id) => reasons.includes(id.replace(/^batch-job\//, '')));
    for (const id of new Set([...all, ...idsIn(await list(NOT_COMPLETED)).slice(0, MAX_HISTORIES)])) {
      const history = await temporal(
        'workflow',
        'show',
        '--namespace',
        namespace,
        '--workflow-id',
        id,
        '--output',
        'json',
      );
      await writeFile(join(folder, `${namespace} ${id.replaceAll('/', ' ')}.json`), history);
    }
  }
}

function namesIn(json: string): string[] {
  const namespaces = JSON.parse(json) as readonly { namespaceInfo: { name: string } }[];
  return namespaces.map(({ namespaceInfo }) => namespaceInfo.name).filter((name) => name !== 'temporal-system');
}

function idsIn(json: string): string[] {
  const executions = (json.trim() === '' ? [] : JSON.parse(json)) as readonly { execution: { workflowId: string } }[];
  return executions.map(({ execution }) => execution.workflowId);
}
