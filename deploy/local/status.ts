import { readFile } from 'node:fs/promises';
import { environmentFile } from './env-file.ts';
import { logFileOf, pidByName } from './processes.ts';
import type { Profile } from './profile.ts';
import { PROGRAM_NAMES } from './programs.ts';
import { SERVER_NAMES } from './servers.ts';

/** Prints each process of a stack with its pid and log, and where the stack is found. */
export async function showStatus(profile: Profile): Promise<void> {
  for (const name of [...SERVER_NAMES, ...PROGRAM_NAMES]) {
    const pid = await pidByName(profile, name);
    const state = pid === undefined ? 'stopped' : `running, pid ${pid}`;
    console.log(`${name.padEnd(24)} ${state.padEnd(20)} ${logFileOf(profile, name)}`);
  }
  const environment = await readFile(environmentFile(profile), 'utf8').catch(() => '');
  if (environment !== '') console.log(`\n${addressLines(profile)}\nVariables for a shell: ${environmentFile(profile)}`);
}

function addressLines({ ports, bridge }: Profile): string {
  const addresses = {
    API: `http://127.0.0.1:${ports.api}`,
    'Temporal Web UI': `http://127.0.0.1:${ports.temporalUi}`,
    Temporal: `127.0.0.1:${ports.temporal}`,
    Kubernetes: `https://127.0.0.1:${ports.apiserver}`,
    MongoDB: `mongodb://127.0.0.1:${ports.mongodb}`,
    'Google Cloud Storage': `http://${bridge.address}:${ports.gcs}`,
  };
  return Object.entries(addresses)
    .map(([name, address]) => `${name.padEnd(24)} ${address}`)
    .join('\n');
}
