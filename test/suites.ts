import { fuzzMinutes } from './fuzz/budget.ts';

/** What must run before a suite can: nothing, the servers that others make, or these and our API and worker. */
type Need = 'nothing' | 'servers' | 'service';

/** Test files of one folder, which need the same servers and bear the same degree of parallelism. */
export interface Suite {
  /** Name, and folder below `test/`. */
  readonly name: string;
  readonly what: string;
  readonly needs: Need;
  /** Most files of the suite at one time. */
  readonly limit: number;
  /** Longest time of one file. */
  readonly timeoutMs: number;
  /** Left out of `make test`; `make test-all` runs it. */
  readonly isExtra?: true;
  /** What its files print is shown as it comes, as they last for as long as the caller says. */
  readonly showsOutput?: true;
  /** Runs without any other suite beside it, after those that share the machine. */
  readonly isAlone?: true;
  /** Name of what one file of all suites that name it may use at one time. */
  readonly exclusive?: string;
  /** Ends servers and starts them again; in other suites, a server that ends stops the run. */
  readonly endsServers?: true;
}

/** All suites, in the order in which a stage takes their files. */
export const SUITES: readonly Suite[] = [
  { name: 'unit', what: 'pure functions', needs: 'nothing', limit: 2, timeoutMs: 60_000 },
  {
    name: 'fuzz',
    what: 'generated archives and folders through the transfer',
    needs: 'nothing',
    limit: 1,
    // The run lasts as long as FUZZ_MINUTES says; a case that does not end by itself is a failure.
    timeoutMs: fuzzMinutes() * 60_000 + 120_000,
    isExtra: true,
    showsOutput: true,
  },
  {
    name: 'workflow',
    what: 'the workflows, with activities of the test',
    needs: 'servers',
    limit: 2,
    timeoutMs: 180_000,
  },
  // Schemathesis takes a minute of one core, which five other files may share.
  { name: 'integration', what: 'packages against real servers', needs: 'servers', limit: 5, timeoutMs: 600_000 },
  {
    name: 'images',
    what: 'the Docker images, and a job through docker-compose.yml',
    needs: 'servers',
    // All files share one Docker engine and its build cache.
    limit: 1,
    exclusive: 'Docker engine',
    timeoutMs: 900_000,
    isExtra: true,
  },
  {
    name: 'chart',
    what: 'the Helm chart, and a release of it on the cluster',
    needs: 'servers',
    // One file looks for leftovers of a release among all kinds, some of which another file defines; it builds the service image, too.
    limit: 1,
    exclusive: 'Docker engine',
    timeoutMs: 600_000,
    isExtra: true,
  },
  {
    name: 'jobs',
    what: 'whole jobs in real containers, through HTTP',
    needs: 'service',
    // Most of a job is waiting: for a kubelet, a deadline, a grace period.
    limit: 8,
    timeoutMs: 600_000,
  },
  {
    name: 'hostile',
    what: 'an API key and a task that try to reach what is not theirs',
    needs: 'service',
    limit: 4,
    timeoutMs: 600_000,
    isExtra: true,
  },
  { name: 'ktr', what: 'the command line', needs: 'service', limit: 4, timeoutMs: 600_000 },
  { name: 'page', what: 'the page, in a browser', needs: 'service', limit: 2, timeoutMs: 600_000 },
  {
    name: 'documents',
    what: 'the commands of the documents',
    needs: 'service',
    limit: 2,
    timeoutMs: 600_000,
    isExtra: true,
  },
  {
    name: 'faults',
    what: 'jobs while processes are killed and frozen, and links break',
    needs: 'service',
    limit: 1,
    // The run lasts as long as SOAK_MINUTES says.
    timeoutMs: Infinity,
    isExtra: true,
    showsOutput: true,
    isAlone: true,
    endsServers: true,
  },
  {
    name: 'repair',
    what: 'restoring the mirror; how soon the end of a job is seen',
    needs: 'service',
    // It drops the database of the stack.
    limit: 1,
    timeoutMs: 180_000,
    isExtra: true,
    isAlone: true,
  },
];

/** A tool that reads the code; it passes when it exits with 0. */
export interface Check {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
}

/** The slowest first, as they run side by side. */
export const CHECKS: readonly Check[] = [
  { name: 'lint', command: 'eslint', args: ['.'] },
  { name: 'types', command: 'tsc', args: ['--noEmit', '-p', '.'] },
  { name: 'format', command: 'prettier', args: ['--check', '--log-level', 'warn', '.'] },
  { name: 'imports', command: 'depcruise', args: ['.'] },
  { name: 'unused code', command: 'knip', args: ['--no-progress', '--treat-config-hints-as-errors'] },
  { name: 'types of the page', command: 'tsc', args: ['--noEmit', '-p', 'web'] },
];
