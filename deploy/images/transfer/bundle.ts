import { spawnSync } from 'node:child_process';
import { readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { argv, execPath } from 'node:process';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const ENTRY_POINT = fileURLToPath(new URL('../../../transfer/main.ts', import.meta.url));

/** User that the program runs as in the image; Node keeps a compile cache for each user apart. */
export const TRANSFER_UID = 65532;

/** Folder of the compile cache, beside the program. The image names it in `NODE_COMPILE_CACHE`. */
export const COMPILE_CACHE_FOLDER = 'compile-cache';

/** Bundles the transfer program with all its libraries into the one file `outFile`, which runs on Node 24 alone. */
export async function bundleTransfer(outFile: string): Promise<void> {
  await build({
    entryPoints: [ENTRY_POINT],
    outfile: outFile,
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    legalComments: 'none',
    logLevel: 'warning',
  });
}

/**
 * Fills the compile cache beside the bundle, which saves a start about 20 ms. It works wherever the two are copied, as
 * long as `node` is the very Node that the image has.
 */
export function fillCompileCache(outFile: string, node: string = execPath): void {
  const cache = join(dirname(outFile), COMPILE_CACHE_FOLDER);
  rmSync(cache, { recursive: true, force: true });
  const env = { NODE_COMPILE_CACHE: cache, NODE_COMPILE_CACHE_PORTABLE: '1' };
  const { status, stderr } = spawnSync(node, [outFile, '--version'], { env, encoding: 'utf8' });
  if (status !== 0) throw new Error(`the bundle does not run: ${stderr}`);
  for (const name of readdirSync(cache)) {
    renameSync(join(cache, name), join(cache, name.replace(/-\d+$/, `-${TRANSFER_UID}`)));
  }
}

if (import.meta.main) {
  const [outFile] = argv.slice(2);
  if (outFile === undefined) throw new Error('usage: node bundle.ts OUT_FILE');
  await bundleTransfer(outFile);
  fillCompileCache(outFile);
}
