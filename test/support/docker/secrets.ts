import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** A key, and a token of npm, with enough behind their beginnings to be ones: libraries have the beginnings alone. */
const SECRET =
  /-----BEGIN [A-Z ]*PRIVATE KEY-----\s*[\w+/]{32}|_authToken\s*=\s*\S{8}|\bnpm_[A-Za-z0-9]{36}\b|:\/\/[^\s/:@'"`$<{]+:[^\s/@'"`$<{]{4,}@[\w.-]+\/?\s/;

/** Files with something that looks like a key, a token or a password in an address. */
export async function findSecrets(root: string, files: readonly string[]): Promise<readonly string[]> {
  const found: string[] = [];
  for (const path of files) {
    const isFile = (await stat(join(root, path)).catch(() => undefined))?.isFile() === true;
    if (isFile && hasSecret(await readFile(join(root, path), 'latin1'))) found.push(path);
  }
  return found;
}

/** Pure. */
export function hasSecret(text: string): boolean {
  return SECRET.test(text);
}
