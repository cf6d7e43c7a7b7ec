import { succeeds } from '../../deploy/local/command.ts';
import { aptInstall } from '../../deploy/local/packages.ts';

/** What unzips at a client, how, and by which package of Debian it comes. */
export const UNZIPPERS = [
  { program: 'unzip', args: ['-q'], version: '-v', debianPackage: 'unzip' },
  { program: 'bsdtar', args: ['-xf'], version: '--version', debianPackage: 'libarchive-tools' },
] as const;

/** Installs those that are missing. */
export async function installUnzippers(): Promise<void> {
  const there = await Promise.all(UNZIPPERS.map(({ program, version }) => succeeds(program, [version])));
  const missing = UNZIPPERS.filter((_, index) => there[index] !== true).map(({ debianPackage }) => debianPackage);
  if (missing.length > 0) await aptInstall(missing, '/dev/null');
}
