import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Interface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { ownNodeFirst } from './own-node.ts';
import { collectLines } from './process-lines.ts';
import type { Closing } from './scope.ts';

const REPOSITORY = join(import.meta.dirname, '..', '..');

/** A worker as a process of its own. */
export interface WorkerProcess {
  /** Begins the identity by which Temporal knows it. */
  readonly pid: number;
  /** All lines that it has written so far: what it tells, and its log. */
  readonly lines: readonly string[];
  /** Asks it to end by SIGTERM. Resolves when it has ended. */
  stop(): Promise<Ended>;
  /** Ends it by SIGKILL. Resolves when it is gone. */
  kill(): Promise<void>;
}

/** How a process has ended. */
interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** From SIGTERM on. */
  readonly durationMs: number;
}

/**
 * Starts `npm run start:worker` until the test ends. Resolves when it takes work.
 * @param environment comes on top of the test's own
 * @param checkout whose sources it runs; by default these
 */
export async function startWorkerProcess(
  context: Closing,
  environment: Readonly<Record<string, string>> = {},
  checkout = REPOSITORY,
): Promise<WorkerProcess> {
  const child = spawn(join(checkout, 'deploy', 'start.sh'), ['worker'], {
    env: { ...ownNodeFirst(process.env), WORKER_PORT: '0', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines = collectLines(child);
  const exited = once(child, 'exit');
  const kill = async () => {
    child.kill('SIGKILL');
    await exited;
  };
  context.after(kill);
  await ready(child, createInterface(child.stdout), exited);
  return { pid: child.pid ?? 0, lines, stop: () => stop(child, exited), kill };
}

async function ready(child: ChildProcess, lines: Interface, exited: Promise<unknown>): Promise<void> {
  const isReady = new Promise<void>((resolve) => lines.on('line', (line) => line === 'worker ready' && resolve()));
  const hasEnded = exited.then(() =>
    Promise.reject(new Error(`the worker ended with ${child.exitCode} before it was ready`)),
  );
  await Promise.race([isReady, hasEnded]);
}

async function stop(child: ChildProcess, exited: Promise<unknown>): Promise<Ended> {
  const startedMs = Date.now();
  child.kill('SIGTERM');
  await exited;
  return { code: child.exitCode, signal: child.signalCode, durationMs: Date.now() - startedMs };
}

/** Runs a command of the worker, as npm does, to its end. */
export async function runWorkerCommand(
  command: 'promote-worker' | 'rebuild-mirror',
  environment: Readonly<Record<string, string>>,
): Promise<{ readonly code: number | null; readonly said: string }> {
  const child = spawn('npm', ['run', '--silent', command], {
    cwd: REPOSITORY,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [said] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  return { code: child.exitCode, said };
}
