/** Makes of cluster/kubernetes-client.ts, with its libraries, the one file that package.json names. */
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { Plugin } from 'esbuild';

const REPOSITORY = join(import.meta.dirname, '..', '..');

const CLIENT = dirname(fileURLToPath(import.meta.resolve('@kubernetes/client-node')));

/** The client does not say that its modules only define things, so that each of them would be taken in. */
const withoutSideEffects: Plugin = {
  name: 'client-without-side-effects',
  setup(building) {
    building.onResolve({ filter: /^@kubernetes\/client-node$/ }, () => ({
      path: join(CLIENT, 'index.js'),
      sideEffects: false,
    }));
    building.onResolve({ filter: /^\..*\.js$/ }, ({ resolveDir, path }) =>
      resolveDir.startsWith(CLIENT) ? { path: join(resolveDir, path), sideEffects: false } : undefined,
    );
  },
};

await build({
  entryPoints: [join(REPOSITORY, 'cluster/kubernetes-client.ts')],
  outfile: join(REPOSITORY, 'dist/kubernetes-client.js'),
  bundle: true,
  minifySyntax: true,
  minifyWhitespace: true,
  platform: 'node',
  target: 'node24',
  format: 'esm',
  // Its connections are handed to the one that the service itself uses.
  external: ['undici'],
  // Some libraries are not ES modules, and ask for those of Node.
  banner: { js: `import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);` },
  plugins: [withoutSideEffects],
  logLevel: 'warning',
});
