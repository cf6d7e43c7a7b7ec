import { succeeds } from '../../../deploy/local/command.ts';
import { aptInstall } from '../../../deploy/local/packages.ts';
import { createProgress } from '../../../deploy/local/progress.ts';

/** Debian's packages, and programs of theirs that may be there already, from wherever. */
const PACKAGES = {
  'docker.io': ['dockerd', 'docker'],
  'docker-compose': ['docker-compose'],
  mmdebstrap: ['mmdebstrap'],
  // Docker answers names of containers by a rule in each one's own network.
  iptables: ['iptables'],
} as const;

/** Installs what is missing of Docker's engine, Compose, and what makes a root file system. The service of an engine is not started by it. */
export async function installDocker(logFile: string): Promise<void> {
  const missing: string[] = [];
  for (const [name, programs] of Object.entries(PACKAGES))
    for (const program of programs)
      if (!missing.includes(name) && !(await succeeds(program, ['--version']))) missing.push(name);
  if (missing.length > 0)
    await createProgress().step(`install ${missing.join(' ')}`, () => aptInstall(missing, logFile));
}
