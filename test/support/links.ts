import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { pack } from '../../transfer/pack.ts';
import { createSkipped } from '../../transfer/skipped.ts';
import type { Skipped } from '../../transfer/skipped.ts';
import { walk } from '../../transfer/walk.ts';

/** Relative links that stay inside a folder, by name. */
export const INSIDE_LINKS: Readonly<Record<string, string>> = {
  'a link': 'file',
  'folder/up': '../file',
  'folder/deeper/top': '../../file',
  'folder/root': '..',
  'through a link': 'folder/root/file',
  dangling: 'nowhere/near',
  loop: 'loop',
};

/** Makes these links in a folder, and the file that some of them lead to. */
export function plantLinks(output: string): void {
  mkdirSync(join(output, 'folder/deeper'), { recursive: true });
  writeFileSync(join(output, 'file'), 'x');
  for (const [name, target] of Object.entries(INSIDE_LINKS)) symlinkSync(target, join(output, name));
  chmodSync(join(output, 'folder/deeper'), 0o555);
}

/** A folder as the upload packs it, and what was left out. */
export async function packed(output: string): Promise<{ readonly zip: Buffer; readonly skipped: Skipped }> {
  const skipped = createSkipped();
  const zip = await buffer(pack(walk(output, { skipped })));
  return { zip, skipped };
}
