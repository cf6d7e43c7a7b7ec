import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { becomesTrue, listens } from '../../deploy/local/ready.ts';
import { freePort } from '../support/free-port.ts';
import { fetchPythonPackages } from '../support/python-packages.ts';
import type { Closing } from '../support/scope.ts';

const REQUIREMENTS = join(import.meta.dirname, 'secantusdb', 'requirements.txt');
const READY_MS = 60_000;

/**
 * Starts SecantusDB, empty, until `scope` ends. It speaks MongoDB's protocol and answers queries by indexes, as MongoDB does and the embedded
 * stand-in does not: that one reads all rows for any query but that for one job.
 * @returns its URI
 */
export async function startIndexedMongodb(scope: Closing): Promise<string> {
  console.error('\nstarting SecantusDB, for which up to 24 MB are fetched');
  const { env } = await fetchPythonPackages('secantusdb', REQUIREMENTS);
  const [storage, port] = [await mkdtemp(join(tmpdir(), 'secantusdb-')), await freePort()];
  const args = ['-m', 'secantus', '--host', '127.0.0.1', '--port', `${port}`, '--storage-path', storage];
  const child = spawn('python3', args, { env: { ...process.env, ...env }, stdio: 'ignore' });
  scope.after(async () => {
    child.kill('SIGKILL');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    await rm(storage, { recursive: true, force: true });
  });
  if (!(await becomesTrue(listens({ host: '127.0.0.1', port }), READY_MS)))
    throw new Error(`SecantusDB does not listen, and ended by ${child.signalCode ?? child.exitCode}`);
  return `mongodb://127.0.0.1:${port}`;
}
