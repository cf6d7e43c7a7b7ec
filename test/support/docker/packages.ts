import { run, succeeds } from '../../../deploy/local/command.ts';
import { exists } from '../../../deploy/local/files.ts';
import { aptInstall } from '../../../deploy/local/packages.ts';
import { createProgress } from '../../../deploy/local/progress.ts';

/** Debian's packages, and how to see that what they bring is there already, from wherever. */
const PACKAGES: Readonly<Record<string, () => Promise<boolean>>> = {
  'docker.io': async () => (await succeeds('dockerd', ['--version'])) && (await findClient()) !== undefined,
  'docker-compose': () => succeeds('docker-compose', ['--version']),
  mmdebstrap: () => succeeds('mmdebstrap', ['--version']),
  // By these keys mmdebstrap knows Debian, on another distribution too.
  'debian-archive-keyring': () => exists('/usr/share/keyrings/debian-archive-keyring.gpg'),
  // Docker answers names of containers by a rule in each one's own network.
  iptables: () => succeeds('iptables', ['--version']),
};

/** Debian's client, for a machine whose first one has come without what builds. */
const CLIENTS = ['docker', '/usr/bin/docker'];

/** The first version whose client builds by a plugin alone. */
const PLUGIN_MAJOR = 23;

/** Installs what is missing of Docker's engine, Compose, and what makes a root file system. Returns the command line of Docker. */
export async function installDocker(logFile: string): Promise<string> {
  const names = Object.keys(PACKAGES);
  const there = await Promise.all(Object.values(PACKAGES).map((isThere) => isThere()));
  const missing = names.filter((_, index) => there[index] !== true);
  if (missing.length > 0)
    await createProgress().step(`install ${missing.join(' ')}`, () => aptInstall(missing, logFile));
  const client = await findClient();
  if (client === undefined) throw new Error('Docker was installed, yet no client of it can build by BuildKit');
  return client;
}

/** A client that knows both builders. */
async function findClient(): Promise<string | undefined> {
  for (const client of CLIENTS) if (await knowsBuildKit(client)) return client;
  return undefined;
}

async function knowsBuildKit(client: string): Promise<boolean> {
  const told = await run(client, ['--version']).catch(() => undefined);
  const major = /version (\d+)\./.exec(told?.stdout ?? '')?.[1];
  if (major === undefined) return false;
  return Number(major) < PLUGIN_MAJOR || (await succeeds(client, ['buildx', 'version']));
}
