import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TestContext } from 'node:test';
import { cached } from '../../deploy/local/cache.ts';
import { run, succeeds } from '../../deploy/local/command.ts';
import { freePort } from './free-port.ts';

/** An image registry on loopback. */
export interface Registry {
  /** `host:port`, as an image reference begins. Nodes ask registries on `localhost` without TLS. */
  readonly host: string;
}

/** A bcrypt hash that no password is known for. */
const UNKNOWN_PASSWORD = `$2y$05$${'.'.repeat(53)}`;

/** What a registry may ask of its clients. */
export type Access = 'anybody' | 'who has the password';

/** Starts a real registry, that of Debian's package, empty; it ends with the test. */
export async function startRegistry(context: TestContext, access: Access): Promise<Registry> {
  const folder = await mkdtemp(join(tmpdir(), 'registry-'));
  const port = await freePort();
  const config = join(folder, 'config.json');
  await writeFile(config, JSON.stringify(configOf(folder, port, access)));
  await writeFile(passwords(folder), `somebody:${UNKNOWN_PASSWORD}\n`);
  const child = spawn(join(await program(), 'usr/bin/docker-registry'), ['serve', config], { stdio: 'ignore' });
  context.after(async () => {
    child.kill('SIGKILL');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    await rm(folder, { recursive: true });
  });
  await untilItAnswers(`http://127.0.0.1:${port}/v2/`);
  return { host: `localhost:${port}` };
}

/** A registry that takes every connection and never says a word, as one behind a broken proxy. */
export interface SilentRegistry extends Registry {
  /** Ends what was connected, and takes no connection any more. */
  readonly hangUp: () => void;
}

/** Starts a silent registry; it hangs up with the test. */
export async function startSilentRegistry(context: TestContext): Promise<SilentRegistry> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => socket.destroy()).on('close', () => sockets.delete(socket)));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const hangUp = () => {
    server.close();
    for (const socket of sockets) socket.destroy();
  };
  context.after(hangUp);
  return { host: `localhost:${port}`, hangUp };
}

function passwords(folder: string): string {
  return join(folder, 'htpasswd');
}

/** JSON is YAML. */
function configOf(folder: string, port: number, access: Access): unknown {
  return {
    version: 0.1,
    log: { level: 'error' },
    storage: { filesystem: { rootdirectory: join(folder, 'images') } },
    http: { addr: `127.0.0.1:${port}` },
    ...(access === 'who has the password' && { auth: { htpasswd: { realm: 'tests', path: passwords(folder) } } }),
  };
}

/** Folder of the unpacked package: it is not installed, as it would start a service of its own. */
function program(): Promise<string> {
  return cached('docker-registry', 'debian', async (folder) => {
    const download = () =>
      run('apt-get', ['-o', 'APT::Sandbox::User=root', 'download', 'docker-registry'], { cwd: folder });
    if (
      !(await download().then(
        () => true,
        () => false,
      ))
    ) {
      await run('apt-get', ['update']);
      await download();
    }
    if (!(await succeeds('sh', ['-c', 'dpkg-deb --extract *.deb .'], { cwd: folder }))) throw new Error('no package');
  });
}

async function untilItAnswers(url: string): Promise<void> {
  for (const endMs = Date.now() + 20_000; ; await sleep(50)) {
    if (
      await fetch(url).then(
        () => true,
        () => false,
      )
    )
      return;
    if (Date.now() > endMs) throw new Error(`${url} does not answer`);
  }
}
