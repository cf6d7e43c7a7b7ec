import { createRequire } from 'node:module';
import { argv, arch, platform } from 'node:process';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { compileTransfer } from './compile.ts';

const ENTRY_POINT = fileURLToPath(new URL('../../../transfer/main.ts', import.meta.url));

const CHECKSUM = '@node-rs/crc32';

/**
 * Bundles the transfer program with all its libraries into the one file `outFile`, which runs on Node 24 with nothing else but the native
 * addon that is laid beside it.
 * @returns path of that addon
 */
export async function bundleTransfer(outFile: string): Promise<string> {
  const { metafile } = await build({
    entryPoints: [ENTRY_POINT],
    outfile: outFile,
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    // Its own search for the addon looks at the C library by other programs, which the image does not have.
    alias: { [CHECKSUM]: addonOf(CHECKSUM) },
    loader: { '.node': 'copy' },
    assetNames: '[name]',
    metafile: true,
    absWorkingDir: '/',
    legalComments: 'none',
    logLevel: 'warning',
  });
  const addon = Object.keys(metafile.outputs).find((path) => path.endsWith('.node'));
  if (addon === undefined) throw new Error(`no native addon was bundled for ${CHECKSUM}`);
  return `/${addon}`;
}

/** The addon of a package that has one for each platform, each in a package of its own; the image has glibc. */
function addonOf(name: string): string {
  const { resolve } = createRequire(fileURLToPath(import.meta.resolve(name)));
  return resolve(`${name}-${platform}-${arch}-gnu`);
}

if (import.meta.main) {
  const [outFile] = argv.slice(2);
  if (outFile === undefined) throw new Error('usage: node bundle.ts OUT_FILE');
  await bundleTransfer(outFile);
  compileTransfer(outFile);
}
