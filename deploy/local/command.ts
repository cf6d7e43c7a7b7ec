import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { finished } from 'node:stream/promises';

/** What a finished program wrote. */
export interface Output {
  readonly stdout: string;
  readonly stderr: string;
}

/** How to run a program. */
export interface RunOptions {
  readonly cwd?: string;
  /** Added to the environment of this process. */
  readonly env?: Readonly<Record<string, string>>;
  /** Text given to the program on its standard input. */
  readonly input?: string;
  /** Ends the program after this time. Default: no limit. */
  readonly timeoutMs?: number;
}

/** A program ended with something other than 0, or could not be started. */
class CommandError extends Error {
  override readonly name = 'CommandError';
}

/** Runs a program to its end. Throws {@link CommandError} with what it wrote last when it fails. */
export function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<Output> {
  const { cwd, env, input, timeoutMs } = options;
  return new Promise((resolve, reject) => {
    const settings = {
      env: { ...process.env, ...env },
      maxBuffer: 64 * 1024 * 1024,
      ...(cwd === undefined ? {} : { cwd }),
      ...(timeoutMs === undefined ? {} : { timeout: timeoutMs }),
    };
    const child = execFile(command, args, settings, (error, stdout, stderr) => {
      if (error === null) resolve({ stdout, stderr });
      else reject(new CommandError(failureText(command, args, stderr || stdout), { cause: error }));
    });
    child.stdin?.on('error', () => {}).end(input ?? '');
  });
}

/** True when the program can be run and ends with 0. */
export async function succeeds(command: string, args: readonly string[], options: RunOptions = {}): Promise<boolean> {
  try {
    await run(command, args, options);
    return true;
  } catch {
    return false;
  }
}

/** Runs a program that writes much, and keeps what it writes in a file; `onLine` is told each line of it as it comes. */
export async function runToFile(
  command: string,
  args: readonly string[],
  logFile: string,
  options: RunOptions = {},
  onLine?: (line: string) => void,
): Promise<void> {
  const log = createWriteStream(logFile);
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const written of [child.stdout, child.stderr]) {
    written.pipe(log, { end: false });
    if (onLine !== undefined) createInterface(written).on('line', onLine);
  }
  const [code] = (await once(child, 'close')) as [number | null];
  log.end();
  await finished(log);
  if (code !== 0) throw new CommandError(`${command} ${args[0] ?? ''} failed; what it wrote is in ${logFile}`);
}

function failureText(command: string, args: readonly string[], written: string): string {
  const lastLines = written.trim().split('\n').slice(-15).join('\n');
  return `${[command, ...args].join(' ')} failed${lastLines === '' ? '' : `:\n${lastLines}`}`;
}
