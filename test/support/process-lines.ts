import type { ChildProcessByStdio } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

/** All lines that a process writes, in the array that is returned. What goes to its stderr is shown as well. */
export function collectLines({ stdout, stderr }: ChildProcessByStdio<null, Readable, Readable>): readonly string[] {
  const lines: string[] = [];
  for (const stream of [stdout, stderr]) createInterface(stream).on('line', (line) => lines.push(line));
  stderr.pipe(process.stderr, { end: false });
  return lines;
}
