import { lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { crc32 } from 'node:zlib';

/** A temporary folder that goes when its owner's scope ends (`using`). */
export interface TestFolder extends Disposable {
  readonly path: string;
}

/** Makes an empty temporary folder. */
export function createTestFolder(): TestFolder {
  const path = mkdtempSync(join(tmpdir(), 'task-runner-test-'));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

/** Everything below a folder, name by name: its mode, kind and content. */
export function describeTree(root: string): Record<string, string> {
  const paths = readdirSync(root, { recursive: true, encoding: 'utf8' }).map((name) => join(root, name));
  return Object.fromEntries(paths.sort().map((path) => [relative(root, path), describe(path)]));
}

/** The same tree, whose group may read and run what the owner may, as an input is unpacked. */
export function sharedWithGroup(tree: Readonly<Record<string, string>>): Record<string, string> {
  const share = (text: string): string => {
    const mode = Number.parseInt(text, 8);
    return text.replace(/^[0-7]+/, (mode | ((mode & 0o500) >> 3)).toString(8));
  };
  return Object.fromEntries(Object.entries(tree).map(([name, text]) => [name, share(text)]));
}

function describe(path: string): string {
  const stats = lstatSync(path);
  const mode = (stats.mode & 0o7777).toString(8);
  if (stats.isDirectory()) return `${mode} folder`;
  return stats.isFile() ? `${mode} file ${describeContent(readFileSync(path))}` : `${mode} special`;
}

function describeContent(content: Buffer): string {
  return content.length < 100 ? content.toString() : `${content.length} bytes, CRC-32 ${crc32(content)}`;
}
