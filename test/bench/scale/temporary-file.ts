import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Closing } from '../../support/scope.ts';

/** Writes a file that is gone when `scope` ends. @returns its path */
export async function writeTemporary(scope: Closing, name: string, text: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-'));
  scope.after(() => rm(folder, { recursive: true }));
  const file = join(folder, name);
  await writeFile(file, text);
  return file;
}
