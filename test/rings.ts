import { fuzzMinutes } from './fuzz/budget.ts';

/** A part of the tests that needs the same servers and may run side by side to the same degree. */
export interface Ring {
  readonly name: string;
  readonly what: string;
  /** `servers` are those that others made; `service` is them and our own two processes. */
  readonly needs: 'nothing' | 'servers' | 'service';
  /** Files that run at one time. */
  readonly concurrency: number;
  /** Longest time of one file, in milliseconds. */
  readonly timeoutMs: number;
  /** Folder of its files; absent when it is that of its name. */
  readonly folder?: string;
  /** Settings of our own two processes, and of those that the tests start, beside the stack's. */
  readonly settings?: Readonly<Record<string, string>>;
  /** What the tests alone are told. */
  readonly testSettings?: Readonly<Record<string, string>>;
}

/** The rings, quickest first. */
export const RINGS: readonly Ring[] = [
  { name: 'unit', what: 'pure functions', needs: 'nothing', concurrency: 2, timeoutMs: 60_000 },
  {
    name: 'fuzz',
    what: 'archives and trees that nobody thought of',
    needs: 'nothing',
    concurrency: 1,
    // It runs for as long as it is told to; what does not end by itself is a find.
    timeoutMs: fuzzMinutes() * 60_000 + 120_000,
  },
  {
    name: 'workflow',
    what: 'the workflow, with activities that a test decides about',
    needs: 'servers',
    concurrency: 2,
    timeoutMs: 180_000,
  },
  { name: 'integration', what: 'rooms against real servers', needs: 'servers', concurrency: 3, timeoutMs: 180_000 },
  {
    name: 'images',
    what: 'the images as Docker builds them, and a job through docker-compose.yml',
    needs: 'servers',
    // All files share what the engine has built, and one engine runs at one time.
    concurrency: 1,
    timeoutMs: 900_000,
  },
  {
    name: 'chart',
    what: 'the Helm chart, by Helm, and a release of it on the cluster',
    needs: 'servers',
    // A release is looked for among all kinds, some of which another file defines for a while.
    concurrency: 1,
    timeoutMs: 600_000,
  },
  {
    name: 'jobs',
    what: 'whole jobs in real containers, through HTTP',
    needs: 'service',
    // Most of a job is waiting: for a kubelet, for a deadline, for a grace.
    concurrency: 6,
    timeoutMs: 600_000,
  },
  {
    name: 'ktr',
    what: 'the command line, as people and scripts call it',
    needs: 'service',
    concurrency: 6,
    timeoutMs: 600_000,
  },
  {
    name: 'documents',
    what: 'the commands of the documents, as a reader types them',
    needs: 'service',
    concurrency: 2,
    timeoutMs: 600_000,
  },
  {
    name: 'page',
    what: 'the page, in a browser',
    needs: 'service',
    concurrency: 2,
    timeoutMs: 600_000,
  },
  {
    name: 'jobs-by-url',
    what: 'the same jobs, with signed URLs in place of the credential of the bucket',
    folder: 'jobs',
    settings: { BUCKET_CREDENTIALS: 'signed-urls' },
    needs: 'service',
    concurrency: 6,
    timeoutMs: 600_000,
  },
  {
    name: 'jobs-in-one-pod',
    what: 'the same jobs, each in one pod that downloads, runs and uploads',
    folder: 'jobs',
    testSettings: { TEST_STORAGE_MODE: 'ephemeral' },
    needs: 'service',
    concurrency: 6,
    timeoutMs: 600_000,
  },
  {
    name: 'faults',
    what: 'a mix of jobs while processes are killed and frozen, and links break',
    needs: 'service',
    concurrency: 1,
    // It runs for as long as it is told to.
    timeoutMs: Infinity,
  },
  {
    name: 'repair',
    what: 'what is restored after a loss, and how soon an end is told',
    needs: 'service',
    // It drops the database of the stack, on which no other test may run then.
    concurrency: 1,
    timeoutMs: 180_000,
  },
];

/** A tool that reads the code; green when it exits with 0. */
export interface Check {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
}

export const CHECKS: readonly Check[] = [
  { name: 'format', command: 'prettier', args: ['--check', '--log-level', 'warn', '.'] },
  { name: 'types', command: 'tsc', args: ['--noEmit', '-p', '.'] },
  { name: 'types of the page', command: 'tsc', args: ['--noEmit', '-p', 'web'] },
  { name: 'lint', command: 'eslint', args: ['.'] },
  { name: 'imports', command: 'depcruise', args: ['.'] },
];
