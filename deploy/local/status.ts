import { clusterPaths } from './cluster-files.ts';
import { environmentFile, readEnvironment } from './env-file.ts';
import type { StackEnvironment } from './env-file.ts';
import { logFileOf, pidByName } from './processes.ts';
import type { Profile } from './profile.ts';
import { PROGRAM_NAMES } from './programs.ts';
import { BASE_SERVERS, SERVER_NAMES } from './servers.ts';

/** Prints each process of a stack with its pid and log, and where the stack is found. */
export async function showStatus(profile: Profile): Promise<void> {
  const environment = await readEnvironment(profile);
  for (const name of namesOf(profile, environment)) {
    const pid = await pidByName(profile, name);
    const state = pid === undefined ? 'stopped' : `running, pid ${pid}`;
    console.log(`${name.padEnd(24)} ${state.padEnd(20)} ${logFileOf(profile, name)}`);
  }
  if (environment === undefined) return;
  console.log(`\n${addressLines(environment)}\nVariables for a shell: ${environmentFile(profile)}`);
}

/** A stack beside somebody's cluster has none of its own. */
function namesOf(profile: Profile, environment: StackEnvironment | undefined): readonly string[] {
  const isEmbedded = environment === undefined || environment['KUBECONFIG'] === clusterPaths(profile).kubeconfig;
  return [...(isEmbedded ? SERVER_NAMES : BASE_SERVERS), ...PROGRAM_NAMES];
}

function addressLines(environment: StackEnvironment): string {
  const addresses = {
    API: environment['API_URL'],
    Worker: environment['WORKER_URL'],
    'Temporal Web UI': environment['TEMPORAL_UI_URL'],
    Temporal: environment['TEMPORAL_ADDRESS'],
    Kubernetes: `KUBECONFIG=${environment['KUBECONFIG']}`,
    MongoDB: environment['MONGODB_URI'],
    'Google Cloud Storage': environment['GC_API_ENDPOINT'],
  };
  return Object.entries(addresses)
    .map(([name, address]) => `${name.padEnd(24)} ${address}`)
    .join('\n');
}
