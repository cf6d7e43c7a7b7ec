import { execFileSync } from 'node:child_process';
import { chmodSync, readdirSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { COMPILED_ENV, COMPILED_FOLDER, COMPILED_FOR_UID, TRANSFER_NODE_FLAGS } from './image.ts';

/**
 * Lets the Node that runs this compile a bundled transfer program, for the user of the image and for the processors that this machine has:
 * for others Node compiles at each start, as it would without.
 * What was compiled lies in a folder beside the bundle, where {@link COMPILED_ENV} makes Node look.
 */
export function compileTransfer(bundle: string): void {
  const folder = join(dirname(bundle), COMPILED_FOLDER);
  const env = { ...COMPILED_ENV, NODE_COMPILE_CACHE: folder };
  execFileSync(process.execPath, [...TRANSFER_NODE_FLAGS, bundle, '--version'], { env });
  const [made = ''] = readdirSync(folder);
  // Node looks below a name that ends with the user.
  const place = join(folder, made.replace(/\d+$/, String(COMPILED_FOR_UID)));
  renameSync(join(folder, made), place);
  for (const file of readdirSync(place)) chmodSync(join(place, file), 0o644);
}
