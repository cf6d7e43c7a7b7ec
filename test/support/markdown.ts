import { globSync } from 'node:fs';
import { join } from 'node:path';
import { textOf } from './compose.ts';

const REPOSITORY = join(import.meta.dirname, '..', '..');

/** Every document of the repository. */
export const DOCUMENTS: readonly string[] = globSync(['**/*.md', '.github/**/*.md'], {
  cwd: REPOSITORY,
  exclude: ['node_modules', 'dist', '.local'],
});

/** Cells of every row of every table below the heading `heading`, up to the next one of its kind. */
export function tableRows(path: string, heading: string): readonly (readonly string[])[] {
  const section = textOf(path).split(`\n${heading}\n`)[1]?.split(/\n## /, 1)[0] ?? '';
  const rows = section.split('\n').filter((line) => line.startsWith('|') && !/^\|[\s|:-]+$/.test(line));
  return rows.map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

/** What stands between backticks in a cell. */
export function codeIn(cell: string | undefined): string {
  return codesIn(cell)[0] ?? '';
}

/** Each text between backticks in a cell. */
export function codesIn(cell = ''): readonly string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code);
}

/** Names by which links lead to the headings of a document. */
export function anchorsOf(document: string): readonly string[] {
  const headings = [...textOf(document).matchAll(/^#+ (.+)$/gm)].map(([, heading]) => heading ?? '');
  return headings.map((heading) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w\s-]/g, '')
      .replaceAll(' ', '-'),
  );
}

/** Commands of a document, as one fenced block holds them. */
export interface ShellBlock {
  /** The word behind `sh`: what it takes that no test has. Empty for commands that a test runs. */
  readonly mark: string;
  readonly commands: string;
}

/** Every block of shell commands of a document, in order. */
export function shellBlocks(path: string): readonly ShellBlock[] {
  const blocks = textOf(path).matchAll(/^( *)```sh(?: (\S+))?\n([^]*?)\n\1```$/gm);
  return [...blocks].map(([, indent = '', mark = '', text = '']) => ({
    mark,
    commands: text.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
  }));
}
