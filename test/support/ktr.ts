import { spawn } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

/** The command of the checkout. */
export const KTR = join(import.meta.dirname, '..', '..', 'cli', 'ktr.js');

/** What a call of `ktr` came to. */
export interface KtrRun {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Where and with what it is called. */
export interface KtrCall {
  /** Path of the command; by default that of the checkout. */
  readonly command?: string;
  readonly cwd?: string;
  /** On top of an environment without any setting of `ktr` but the server of the suite. */
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string | Buffer;
}

/** Calls `ktr` as a script does, and waits for its end. */
export async function ktr(args: readonly string[], call: KtrCall = {}): Promise<KtrRun> {
  const child = startKtr(args, call);
  child.stdin.end(call.stdin ?? '');
  return await endOf(child);
}

/** Calls `ktr` as a script does; it goes on. */
export function startKtr(
  args: readonly string[],
  { command = KTR, cwd, env = {} }: KtrCall = {},
): ChildProcessWithoutNullStreams {
  return spawn(process.execPath, [command, ...args], { cwd, env: environmentWith(env) });
}

/** Calls `ktr` as a person does, who has a terminal: both of its outputs come as one. */
export function startKtrOnTerminal(
  args: readonly string[],
  { cwd, env = {} }: KtrCall = {},
): ChildProcessWithoutNullStreams {
  return startOnTerminal([process.execPath, KTR, ...args], { cwd, env: environmentWith(env) });
}

/** Starts a program with a terminal of its own. */
export function startOnTerminal(
  command: readonly string[],
  { cwd, env }: { readonly cwd: string | undefined; readonly env: NodeJS.ProcessEnv },
): ChildProcessWithoutNullStreams {
  const words = command.map((word) => `'${word.replaceAll("'", String.raw`'\''`)}'`);
  // `script` gives a command a terminal of its own, and ends as the command does. Without `exec` the shell of a machine may stay in
  // between: it hears Ctrl-C, too, and ends by it whatever the command makes of it.
  return spawn('script', ['--quiet', '--return', '--flush', '--command', `exec ${words.join(' ')}`, '/dev/null'], {
    cwd,
    env: { ...env, TERM: 'xterm-256color' },
  });
}

/** Waits for the end of what was started. */
export async function endOf(child: ChildProcessWithoutNullStreams): Promise<KtrRun> {
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close') as Promise<[number | null]>,
  ]);
  return { code, stdout, stderr };
}

/** How a call ended, for somebody who expected something else: its code, then what it said, from its end to its beginning. */
export function tellOf({ code, stdout, stderr }: KtrRun): string {
  const lines = `${stdout}${stderr}`.trimEnd().split(/\r?\n/);
  return [`ktr ended with ${code}, and said, the last line first:`, ...lines.reverse()].join('\n');
}

function environmentWith(env: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const { NO_COLOR: _, FORCE_COLOR: __, NODE_TEST_CONTEXT: ___, ...own } = process.env;
  return { ...own, KTR_SERVER: process.env['API_URL'] ?? '', KTR_CONFIG: '/nonexistent/config.yaml', ...env };
}
