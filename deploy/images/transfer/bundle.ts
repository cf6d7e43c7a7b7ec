import { argv } from 'node:process';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const ENTRY_POINT = fileURLToPath(new URL('../../../transfer/main.ts', import.meta.url));

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

if (import.meta.main) {
  const [outFile] = argv.slice(2);
  if (outFile === undefined) throw new Error('usage: node bundle.ts OUT_FILE');
  await bundleTransfer(outFile);
}
