/** Makes dist/package, what is published: `ktr` and the client, without the service and what only that needs. */
import { copyFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { run } from './local/command.ts';
import packageJson from '../package.json' with { type: 'json' };

const REPOSITORY = join(import.meta.dirname, '..');

/** What is not in the two files: an addon that there is for each platform, and types that those of the client name. */
const EXTERNAL = ['@node-rs/crc32', 'openapi-fetch'] as const;

/** Some libraries are not ES modules: they ask for those of Node, and where they are. */
const DEFINED = { __filename: 'import.meta.filename', __dirname: 'import.meta.dirname' };
const BANNER = `import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);`;

/** Writes the package into `folder`, which is emptied first. */
export async function makePackage(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await Promise.all([
    bundle('cli/main.ts', join(folder, 'ktr.js'), '#!/usr/bin/env node\n'),
    bundle('client/client.ts', join(folder, 'client.js')),
  ]);
  await declare(join(folder, 'types'));
  await writeFile(join(folder, 'package.json'), `${JSON.stringify(manifest(), undefined, 2)}\n`);
  for (const file of ['LICENSE', 'CHANGELOG.md']) await copyFile(join(REPOSITORY, file), join(folder, file));
  await copyFile(join(REPOSITORY, 'docs', 'command-line.md'), join(folder, 'README.md'));
}

async function bundle(entryPoint: string, outfile: string, head = ''): Promise<void> {
  await build({
    entryPoints: [join(REPOSITORY, entryPoint)],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    external: [...EXTERNAL],
    define: DEFINED,
    banner: { js: `${head}${BANNER}` },
    logLevel: 'warning',
  });
}

/** The types of the client; the compiler leaves those alone that are types already. */
async function declare(folder: string): Promise<void> {
  const options = [
    '--declaration',
    '--emitDeclarationOnly',
    '--noEmit',
    'false',
    '--outDir',
    folder,
    '--rootDir',
    REPOSITORY,
  ];
  await run(join(REPOSITORY, 'node_modules', '.bin', 'tsc'), ['-p', join(REPOSITORY, 'client'), ...options]);
  await copyFile(join(REPOSITORY, 'client', 'schema.d.ts'), join(folder, 'client', 'schema.d.ts'));
}

function manifest(): object {
  const { name, version, description, license, type, engines, dependencies } = packageJson;
  return {
    ...{ name, version, description, license, type, engines },
    bin: { ktr: 'ktr.js' },
    exports: { './client': { types: './types/client/client.d.ts', default: './client.js' } },
    dependencies: Object.fromEntries(EXTERNAL.map((external) => [external, dependencies[external]])),
  };
}

if (import.meta.main) await makePackage(join(REPOSITORY, 'dist', 'package'));
