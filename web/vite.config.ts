import { join } from 'node:path';
import { defineConfig } from 'vite';

/** The page as files that any server can give; the Content-Security-Policy of the API allows nothing that stands within HTML. */
export default defineConfig({
  root: import.meta.dirname,
  base: './',
  build: {
    outDir: join(import.meta.dirname, '..', 'dist', 'page'),
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: 'es2023',
  },
});
