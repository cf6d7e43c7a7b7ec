import { createRequire } from 'node:module';
import { dirname } from 'node:path';

const swaggerUi = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));

/** Files that the page is made of, besides itself, and the folder of each. */
const FOLDERS = {
  'page.css': import.meta.dirname,
  'page.js': import.meta.dirname,
  'swagger-ui.css': swaggerUi,
  'swagger-ui-bundle.js': swaggerUi,
  'favicon-32x32.png': swaggerUi,
} as const;

/** A file that the page is made of. */
export type DocsAsset = keyof typeof FOLDERS;

/** All of them. */
export const DOCS_ASSETS = Object.keys(FOLDERS) as readonly DocsAsset[];

/** Folder of `asset`; undefined when the page has no such file. */
export function folderOf(asset: string): string | undefined {
  return Object.hasOwn(FOLDERS, asset) ? FOLDERS[asset as DocsAsset] : undefined;
}
