import { join } from 'node:path';
import { buildServers } from '../../deploy/local/build.ts';
import { startProcess, stopProcess } from '../../deploy/local/processes.ts';
import type { Profile } from '../../deploy/local/profile.ts';
import { createProgress } from '../../deploy/local/progress.ts';
import { answers, becomesTrue } from '../../deploy/local/ready.ts';

/** What happens to the bytes of all connections of a way; see toxiproxy's manual. */
export interface Toxic {
  readonly type: 'latency' | 'reset_peer' | 'timeout' | 'limit_data';
  /** `downstream` is the way of the answers. */
  readonly stream: 'upstream' | 'downstream';
  readonly attributes: Readonly<Record<string, number>>;
}

/** A process through which connections to servers go, and which breaks them when it is told to. */
export interface Toxiproxy {
  /** Opens a way from `listen` to `upstream`, both `host:port`. */
  open(name: string, listen: string, upstream: string): Promise<void>;
  /** Cuts the connections of a way; new ones are refused. */
  cut(name: string): Promise<void>;
  poison(name: string, toxics: readonly Toxic[]): Promise<void>;
  /** Makes every way whole again; connections may be cut by it. */
  reset(): Promise<void>;
  stop(): Promise<void>;
}

const NAME = 'toxiproxy';
const READY_MS = 10_000;
const CALL_MS = 4_000;

/** Starts it as a process of the stack, which ends with the stack at the latest. `port` is the one of its own API. */
export async function startToxiproxy(profile: Profile, port: number): Promise<Toxiproxy> {
  const url = `http://127.0.0.1:${port}`;
  const serversFolder = join(profile.repository, 'deploy', 'local', 'servers');
  const { toxiproxy: folder } = await buildServers(serversFolder, ['toxiproxy'], createProgress());
  const ways: { name: string; listen: string; upstream: string; enabled: true }[] = [];

  async function start(): Promise<void> {
    await stopProcess(profile, NAME, 0);
    const args = ['-host', '127.0.0.1', '-port', String(port)];
    await startProcess(profile, { name: NAME, command: join(folder, 'server'), args, env: { LOG_LEVEL: 'error' } });
    if (!(await becomesTrue(answers(`${url}/version`), READY_MS))) throw new Error('toxiproxy did not become ready');
    for (const way of ways) await post(`${url}/proxies`, way);
  }

  await start();
  return {
    async open(name, listen, upstream) {
      const way = { name, listen, upstream, enabled: true } as const;
      await post(`${url}/proxies`, way);
      ways.push(way);
    },
    cut: (name) => post(`${url}/proxies/${name}`, { enabled: false }),
    async poison(name, toxics) {
      for (const toxic of toxics) await post(`${url}/proxies/${name}/toxics`, toxic);
    },
    // It waits five seconds for each piece of data that it holds back from a client that has gone.
    reset: () => post(`${url}/reset`, {}).catch(start),
    stop: () => stopProcess(profile, NAME, 0),
  };
}

async function post(url: string, body: unknown): Promise<void> {
  const signal = AbortSignal.timeout(CALL_MS);
  const response = await fetch(url, { method: 'POST', body: JSON.stringify(body), signal });
  if (!response.ok) throw new Error(`toxiproxy answered ${response.status}: ${await response.text()}`);
}
