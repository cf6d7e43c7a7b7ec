import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fetchPythonPackages } from './python-packages.ts';

const FOLDER = join(import.meta.dirname, '..', 'schemathesis');
const REQUIREMENTS = join(FOLDER, 'requirements.txt');
const START = 'import sys; from schemathesis.cli import schemathesis; sys.exit(schemathesis(prog_name="schemathesis"))';

/** What a run of Schemathesis came to. */
export interface Verdict {
  readonly passed: boolean;
  /** All that it printed, with the requests that failed. */
  readonly report: string;
}

/**
 * Tries every call of an API's document with valid and invalid requests.
 * @param env what the configuration and its hooks read
 */
export async function runSchemathesis(documentUrl: string, env: Readonly<Record<string, string>>): Promise<Verdict> {
  const packages = await fetchPythonPackages('schemathesis', REQUIREMENTS);
  await using memory = await mkdtempDisposable(join(tmpdir(), 'hypothesis-'));
  const config = ['--config-file', join(FOLDER, 'schemathesis.toml'), '--no-color'];
  const child = spawn('python3', ['-c', START, ...config, 'run', documentUrl], {
    cwd: FOLDER,
    env: { ...process.env, ...env, ...packages.env, HYPOTHESIS_STORAGE_DIRECTORY: memory.path },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [output, errors] = await Promise.all([echo(child.stdout), text(child.stderr), once(child, 'exit')]);
  return { passed: child.exitCode === 0, report: output + errors };
}

/** Passes text on as it comes: the log of a run that is cut off says how far it came. */
async function echo(stream: Readable): Promise<string> {
  let all = '';
  for await (const chunk of stream.setEncoding('utf8') as AsyncIterable<string>) {
    all += chunk;
    process.stdout.write(chunk);
  }
  return all;
}
