/** Writes the list of what the service and the transfer are made of, as CycloneDX, to standard output; `npm sbom` makes it of the lock file. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/** As much of the list as is changed here. */
interface Sbom {
  serialNumber?: string;
  metadata: { timestamp?: string; component: { name: string; purl: string } };
}

const REPOSITORY = join(import.meta.dirname, '..', '..');

/** The same for the same lock file, wherever and whenever it is made: without its number and its time, and under the name of the product. Pure. */
export function reproducible<T extends Sbom>(sbom: T, name: string): T {
  const { serialNumber: _number, ...rest } = sbom;
  const { timestamp: _time, ...metadata } = sbom.metadata;
  return { ...rest, metadata: { ...metadata, component: { ...metadata.component, name } } } as T;
}

/** What npm says of the packages that are no tools of ours. */
function readSbom(): Sbom {
  const args = ['sbom', '--omit=dev', '--sbom-format=cyclonedx', '--sbom-type=application', '--package-lock-only'];
  return JSON.parse(execFileSync('npm', args, { cwd: REPOSITORY, maxBuffer: 64 * 1024 ** 2 }).toString()) as Sbom;
}

if (import.meta.main) {
  const sbom = reproducible(readSbom(), 'kubernetes-task-runner');
  process.stdout.write(`${JSON.stringify(sbom, undefined, 2)}\n`);
}
