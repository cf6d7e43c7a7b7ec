import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { cached } from '../../deploy/local/cache.ts';
import { run } from '../../deploy/local/command.ts';
import { installWheels } from '../../deploy/local/wheels.ts';

/** Packages of Python beside those of the machine. */
export interface PythonPackages {
  /** What a program needs in its environment to find them, and to leave nothing in the checkout. */
  readonly env: Readonly<Record<string, string>>;
}

/** Fetches the packages that a lock file names, unless the cache has them; some of them are built for one version of Python. */
export async function fetchPythonPackages(name: string, requirements: string): Promise<PythonPackages> {
  const { stdout: python } = await run('python3', ['--version']);
  const key = createHash('sha256')
    .update(python)
    .update(await readFile(requirements));
  const install = (folder: string) => installWheels(requirements, folder);
  const packages = await cached(name, key.digest('hex').slice(0, 12), install);
  return { env: { PYTHONPATH: packages, PYTHONDONTWRITEBYTECODE: '1' } };
}
