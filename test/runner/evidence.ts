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
 * Leaves one folder with what a failed run can be understood by: the logs of the tests and, of a run with servers, their logs,
 * the histories of workflows that have not completed or that a failure names, and the objects of the cluster. What cannot be read is
 * left out, with the reason.
 * @returns the folder, below `.local/test-failures`
 */
export async function keepEvidence(
  profile: Profile,
  results: readonly RunResult[],
  testLogs: string,
  hasServers: boolean,
): Promise<string> {
  const folder = join(profile.repository, '.local', 'test-failures', new Date().toISOString().replaceAll(':', '.'));
  const failed = results.filter((result) => !isPassed(result));
  await mkdir(folder, { recursive: true });
  await attempt(folder, 'tests', (part) => cp(testLogs, part, { recursive: true }));
  if (hasServers) await keepServers(profile, failed, folder);
  return folder;
}

async function keepServers(profile: Profile, failed: readonly RunResult[], folder: string): Promise<void> {
  await Promise.all([
    attempt(folder, 'logs', (part) => cp(join(profile.stateFolder, 'logs'), part, { recursive: true })),
    attempt(folder, 'cluster', (part) => keepCluster(profile, part)),
    attempt(folder, 'histories', (part) => keepHistories(profile, failed, part)),
  ]);
}

async function attempt(folder: string, name: string, keep: (part: string) => Promise<void>): Promise<void> {
  const part = join(folder, name);
  await keep(part).catch((error: unknown) => writeFile(`${part}-missing.txt`, `${String(error)}\n`));
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

/** Of all namespaces, as tests make some of their own. */
async function keepHistories(profile: Profile, failed: readonly RunResult[], folder: string): Promise<void> {
  await mkdir(folder);
  const temporal = temporalOf(profile);
  const reasons = failed.flatMap(({ failures }) => failures.map(({ reason }) => reason)).join('\n');
  for (const namespace of namesIn(await temporal('operator', 'namespace', 'list'))) {
    const list = async (query: string) => idsIn(await temporal('workflow', 'list', ...of(namespace), '--query', query));
    const told = (await list('')).filter((id) => reasons.includes(id.replace(/^batch-job\//, '')));
    for (const id of new Set([...told, ...(await list(NOT_COMPLETED)).slice(0, MAX_HISTORIES)])) {
      const history = await temporal('workflow', 'show', ...of(namespace), '--workflow-id', id);
      await writeFile(join(folder, `${namespace} ${id.replaceAll('/', ' ')}.json`), history);
    }
  }
}

const of = (namespace: string) => ['--namespace', namespace];

/** Temporal's command line on the stack of the tests; resolves to the JSON that it prints. */
function temporalOf(profile: Profile): (...args: readonly string[]) => Promise<string> {
  const program = join(toolFolder(profile), 'temporal');
  const always = ['--address', `127.0.0.1:${profile.ports.temporal}`, '--output', 'json'];
  return async (...args) => (await run(program, [...args, ...always], { timeoutMs: LIMIT_MS })).stdout;
}

function namesIn(json: string): string[] {
  const namespaces = JSON.parse(json) as readonly { namespaceInfo: { name: string } }[];
  return namespaces.map(({ namespaceInfo }) => namespaceInfo.name).filter((name) => name !== 'temporal-system');
}

function idsIn(json: string): string[] {
  const executions = (json.trim() === '' ? [] : JSON.parse(json)) as readonly { execution: { workflowId: string } }[];
  return executions.map(({ execution }) => execution.workflowId);
}
