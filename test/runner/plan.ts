import type { Suite } from '../suites.ts';
import type { Variant } from '../support/variants.ts';

/** A test file as it lies in the repository. */
export interface TestFile {
  readonly suite: Suite;
  /** Path below `test/`. */
  readonly path: string;
  readonly variants: readonly Variant[];
}

/** One run of a test file. */
export interface FileRun {
  readonly suite: Suite;
  readonly path: string;
  readonly variant: Variant;
}

/** What to run: parsed from the command line. */
export interface Selection {
  /** All suites, in all declared variants, with the slow files. */
  readonly isAll: boolean;
  /** Suites or beginnings of paths below `test/`; none means all. */
  readonly names: readonly string[];
  /** Only this variant. */
  readonly variant?: Variant;
}

/** Runs that share the same servers and settings, side by side. */
export interface Stage {
  readonly needs: Suite['needs'];
  /** Variant of the service, where it needs settings of its own. */
  readonly service: 'standard' | 'signed-urls';
  readonly runs: readonly FileRun[];
}

/** Files that take long or keep a server busy, which `make test` leaves out: the emulator of the bucket takes 2 GB in one piece. */
const SLOW = /\.slow\.test\.ts$/;

/** The runs that `selection` asks for; pure. */
export function selectRuns(files: readonly TestFile[], selection: Selection): readonly FileRun[] {
  return files.filter((file) => isSelected(file, selection)).flatMap((file) => runsOf(file, selection));
}

function isSelected({ suite, path }: TestFile, { isAll, names }: Selection): boolean {
  if (names.length > 0)
    return names.some((name) => name === suite.name || (name.includes('/') && path.startsWith(name)));
  return isAll || !(suite.isExtra || SLOW.test(path));
}

function runsOf({ suite, path, variants }: TestFile, { isAll, variant }: Selection): readonly FileRun[] {
  const wanted = variants.filter((declared) => variant === undefined || declared === variant);
  const taken = isAll || variant !== undefined ? wanted : wanted.slice(0, 1);
  return taken.map((each) => ({ suite, path, variant: each }));
}

/** Groups runs into stages: by what they need, then by the settings of the service; suites and files that want to be alone are last. */
export function stagesOf(runs: readonly FileRun[]): readonly Stage[] {
  const stage = (needs: Stage['needs'], service: Stage['service'], isIn: (run: FileRun) => boolean): Stage => ({
    needs,
    service,
    runs: runs.filter((run) => run.suite.needs === needs && isIn(run)),
  });
  const isShared = ({ suite, path }: FileRun) => !suite.isAlone && !(SLOW.test(path) && suite.needs === 'servers');
  const bySignedUrls = ({ variant }: FileRun) => variant === 'signed-urls';
  const alone = runs.filter((run) => !isShared(run) && run.suite.needs === 'service');
  return [
    stage('nothing', 'standard', () => true),
    stage('servers', 'standard', isShared),
    stage('servers', 'standard', (run) => !isShared(run)),
    stage('service', 'standard', (run) => isShared(run) && !bySignedUrls(run)),
    stage('service', 'signed-urls', (run) => isShared(run) && bySignedUrls(run)),
    ...[...new Set(alone.map(({ suite }) => suite))].map((suite) =>
      stage('service', 'standard', (run) => !isShared(run) && run.suite === suite),
    ),
  ].filter(({ runs: { length } }) => length > 0);
}
