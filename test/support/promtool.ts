import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { cached } from '../../deploy/local/cache.ts';
import { run, succeeds } from '../../deploy/local/command.ts';

/** `promtool` of this machine, or of Debian's package of Prometheus, which is unpacked and not installed: that would start a server. */
export async function findPromtool(): Promise<string> {
  if (await succeeds('promtool', ['--version'])) return 'promtool';
  return join(await cached('promtool', '1', unpackPackage), 'usr', 'bin', 'promtool');
}

async function unpackPackage(folder: string): Promise<void> {
  const download = () => run('apt-get', ['-o', 'APT::Sandbox::User=root', 'download', 'prometheus'], { cwd: folder });
  // The lists of packages of a new machine may be old, or none.
  await download().catch(async () => {
    await run('apt-get', ['-o', 'APT::Sandbox::User=root', 'update']);
    await download();
  });
  const [archive] = await readdir(folder);
  if (archive === undefined) throw new Error('apt-get has brought no package');
  await run('dpkg-deb', ['--extract', archive, '.'], { cwd: folder });
  await rm(join(folder, archive));
}
