import { run, runToFile, succeeds } from './command.ts';
import { exists } from './files.ts';
import type { Progress } from './progress.ts';

/** Folders in which distributions put CNI plugins. */
const CNI_FOLDERS = ['/usr/lib/cni', '/opt/cni/bin'];

/** A Debian package, and how to see that what it brings is there already, from wherever. */
interface Package {
  readonly name: string;
  readonly isThere: () => Promise<boolean>;
}

const PACKAGES: readonly Package[] = [
  { name: 'containerd', isThere: () => succeeds('containerd', ['--version']) },
  { name: 'runc', isThere: () => succeeds('runc', ['--version']) },
  { name: 'containernetworking-plugins', isThere: async () => (await cniFolder()) !== undefined },
  { name: 'busybox-static', isThere: hasStaticBusybox },
  { name: 'iproute2', isThere: () => succeeds('ip', ['-Version']) },
  { name: 'openssl', isThere: () => succeeds('openssl', ['version']) },
];

/** Installs the Debian packages whose programs are missing. */
export async function installPackages(logFile: string, progress: Progress): Promise<void> {
  const there = await Promise.all(PACKAGES.map((candidate) => candidate.isThere()));
  const missing = PACKAGES.filter((_, index) => there[index] !== true).map(({ name }) => name);
  if (missing.length === 0) return;
  if (!(await succeeds('apt-get', ['--version']))) {
    throw new Error(
      `These programs are missing and this machine has no apt-get: ${missing.join(', ')}. Install them, ` +
        'or use `docker compose up`, or a cluster of your own with `KUBECONFIG=... make demo`.',
    );
  }
  await progress.step(`install ${missing.join(' ')}`, () => aptInstall(missing, logFile));
}

/** Folder with the CNI plugins of this machine. */
export async function cniFolder(): Promise<string | undefined> {
  for (const folder of CNI_FOLDERS) if (await exists(`${folder}/bridge`)) return folder;
  return undefined;
}

/** Installs Debian packages. Tries with the package lists at hand; when that fails, mends what an interruption left and fetches new lists. */
export async function aptInstall(names: readonly string[], logFile: string): Promise<void> {
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  const options = ['-o', 'DPkg::Lock::Timeout=300', '-o', 'APT::Sandbox::User=root'];
  const install = () =>
    runToFile('apt-get', [...options, 'install', '--yes', '--no-install-recommends', ...names], logFile, { env });
  try {
    await install();
  } catch {
    await runToFile('dpkg', ['--configure', '-a'], logFile, { env });
    await runToFile('apt-get', [...options, 'update'], logFile, { env });
    await install();
  }
}

/** The images need a busybox that runs without any library. */
async function hasStaticBusybox(): Promise<boolean> {
  try {
    const { stdout } = await run('sh', ['-c', 'ldd "$(command -v busybox)" 2>&1 || true']);
    return (await succeeds('busybox', ['true'])) && stdout.includes('not a dynamic executable');
  } catch {
    return false;
  }
}
