import assert from 'node:assert/strict';
import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { JOB_STATUSES } from '../../../workflows/contract.ts';
import { FAILURE_REASONS } from '../../../workflows/failure-reasons.ts';
import { textOf } from '../../support/compose.ts';
import { anchorsOf, codeIn, codesIn, DOCUMENTS, shellBlocks, tableRows } from '../../support/markdown.ts';

const REPOSITORY = join(import.meta.dirname, '..', '..', '..');

/** What commands may need that no test has: a cloud account, a Docker engine with a way to registries, a cluster of one's own, hours. */
const MARKS = ['cloud', 'docker', 'cluster', 'by-hand'];

/** Top-level folders whose content is installed or built. */
const NOT_SOURCES = ['node_modules', 'dist'];

/** The documents whose unmarked commands a test runs. */
const RUN_DOCUMENTS = globSync(join(REPOSITORY, 'test', '{documents,ktr}', '*.test.ts')).flatMap((path) =>
  documentsRunBy(readFileSync(path, 'utf8')),
);

/** A call in a comment runs nothing. */
function documentsRunBy(source: string): readonly string[] {
  const lines = source.split('\n').filter((line) => !/^ *(\/\/|\/?\*)/.test(line));
  return lines.flatMap((line) => /\brunCommandsOf\('([^']+)'/.exec(line)?.[1] ?? []);
}

for (const document of DOCUMENTS) {
  test(`every command of ${document} is run by a test, or marked by what it needs`, () => {
    const marks = new Set(shellBlocks(document).map(({ mark }) => mark));
    if (marks.delete('')) assert.ok(RUN_DOCUMENTS.includes(document), `no test runs the commands of ${document}`);
    for (const mark of marks) assert.ok(MARKS.includes(mark), mark);
  });

  test(`every link of ${document} within the repository leads somewhere`, () => {
    const links = [...textOf(document).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link]) => link ?? '');
    for (const link of links.filter((link) => !/^https?:/.test(link))) {
      const [path = '', anchor] = link.split('#');
      const target = path === '' ? document : join(dirname(document), path);
      assert.ok(existsSync(join(REPOSITORY, target)), link);
      if (anchor !== undefined) assert.ok(anchorsOf(target).includes(anchor), link);
    }
  });

  test(`every make target that ${document} names exists`, () => {
    const named = [...textOf(document).matchAll(/(?:^|`)make ([a-z][a-z-]*)/gm)].map(([, target]) => target ?? '');
    const makefile = textOf('Makefile');
    for (const target of named) assert.match(makefile, new RegExp(`^${target}:`, 'm'));
  });
}

for (const [document, heading] of [
  ['ARCHITECTURE.md', '## Failure reasons'],
  ['docs/troubleshooting.md', '## By reason'],
] as const) {
  test(`${document} explains every failure reason, in the order of the contract`, () => {
    const rows = tableRows(document, heading).slice(1);
    assert.deepEqual(
      rows.map(([reason]) => codeIn(reason)),
      [...FAILURE_REASONS],
    );
  });
}

test('ARCHITECTURE.md explains every status, in the order of the contract', () => {
  const rows = tableRows('ARCHITECTURE.md', '## Statuses and phases').slice(1);
  assert.deepEqual(
    rows.map(([status]) => codeIn(status)),
    [...JOB_STATUSES],
  );
});

/** Top-level files of TypeScript, and folders with such files in them. */
function packagesOfRepository(): readonly string[] {
  return readdirSync(REPOSITORY, { withFileTypes: true })
    .filter(({ name }) => !name.startsWith('.') && !NOT_SOURCES.includes(name))
    .filter((entry) => (entry.isDirectory() ? holdsTypeScript(entry.name) : isTypeScript(entry.name)))
    .map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name));
}

function holdsTypeScript(folder: string): boolean {
  return readdirSync(join(REPOSITORY, folder), { recursive: true, encoding: 'utf8' }).some(isTypeScript);
}

function isTypeScript(path: string): boolean {
  return /\.tsx?$/.test(path);
}

/** Folders and files that a row names: the packages, and what it says is in them. */
function pathsIn([packages, description]: readonly string[]): readonly string[] {
  const [folder = ''] = codesIn(packages).filter((name) => name.endsWith('/'));
  const parts = codesIn(description).filter((code) => /^[\w-]+(\/|\.ts)$/.test(code));
  return [...codesIn(packages), ...parts.map((part) => join(folder, part))];
}

test('ARCHITECTURE.md names every package of the repository, and nothing that does not exist', () => {
  const rows = tableRows('ARCHITECTURE.md', '## The rooms').slice(1);
  const packages = rows.flatMap(([names]) => codesIn(names));
  const [missing, gone] = [
    packagesOfRepository().filter((name) => !packages.includes(name)),
    rows.flatMap(pathsIn).filter((path) => !existsSync(join(REPOSITORY, path))),
  ];
  assert.deepEqual({ missing, gone }, { missing: [], gone: [] });
});
