/** Writes the list of what the service and the transfer are made of, as CycloneDX, to standard output; `npm sbom` makes it of the lock file. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** As much of the list as is changed here. */
interface Sbom {
  serialNumber?: string;
  metadata: { timestamp?: string; component: { name: string; purl: string } };
}

/** As much of a lock file as is changed here; the root package has the empty path. */
interface LockFile {
  readonly name: string;
  readonly packages: Readonly<Record<string, { readonly dev?: boolean; readonly devDependencies?: unknown }>>;
}

const REPOSITORY = join(import.meta.dirname, '..', '..');

/** The same lock file without tools. `npm sbom --omit=dev` leaves out what tools and the service have in common, too. Pure. */
export function withoutTools<T extends LockFile>(lock: T): T {
  const kept = Object.entries(lock.packages).filter(([, { dev }]) => dev !== true);
  const packages = kept.map(([path, { devDependencies: _tools, ...rest }]) => [path, rest] as const);
  return { ...lock, packages: Object.fromEntries<LockFile['packages'][string]>(packages) };
}

/** The same for the same lock file, wherever and whenever it is made: without its number and its time, and under the name of the product. Pure. */
export function reproducible<T extends Sbom>(sbom: T, name: string): T {
  const { serialNumber: _number, ...rest } = sbom;
  const { timestamp: _time, ...metadata } = sbom.metadata;
  return { ...rest, metadata: { ...metadata, component: { ...metadata.component, name } } } as T;
}

/** What npm says of a lock file, without looking at what is installed. */
function readSbom(lock: LockFile): Sbom {
  const folder = mkdtempSync(join(tmpdir(), 'sbom-'));
  try {
    writeFileSync(join(folder, 'package-lock.json'), JSON.stringify(lock));
    writeFileSync(join(folder, 'package.json'), JSON.stringify(lock.packages['']));
    const args = ['sbom', '--sbom-format=cyclonedx', '--sbom-type=application', '--package-lock-only'];
    return JSON.parse(execFileSync('npm', args, { cwd: folder, maxBuffer: 64 * 1024 ** 2 }).toString()) as Sbom;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

if (import.meta.main) {
  const lock = JSON.parse(readFileSync(join(REPOSITORY, 'package-lock.json'), 'utf8')) as LockFile;
  const sbom = reproducible(readSbom(withoutTools(lock)), lock.name);
  process.stdout.write(`${JSON.stringify(sbom, undefined, 2)}\n`);
}
