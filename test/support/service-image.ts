import { chmod, copyFile, glob, mkdir, readdir, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DefaultLogger } from '@temporalio/worker';
import { packImage } from '../../deploy/images/oci.ts';
import { run } from '../../deploy/local/command.ts';
import { exists } from '../../deploy/local/files.ts';
import { busyboxPath, productVersion } from '../../deploy/local/images.ts';
import type { LocalImage } from '../../deploy/local/images.ts';
import type { Profile } from '../../deploy/local/profile.ts';
import { bundleWorkflows } from '../../worker/bundle.ts';
import { copiedFiles, entrypointOf, stage } from './dockerfile.ts';

/** The image `service` of deploy/Dockerfile, made of this checkout and of this machine's programs: no image can be pulled for it. */

/** As in the base image of the Dockerfile: its user `node`, whose number is the name that the chart knows, and where its programs are. */
const USER = '1000:1000';
const SEARCH_PATH = 'PATH=/usr/local/bin:/usr/bin:/bin';

/** What deploy/start.sh calls. */
const SHELL = ['/bin/sh'];

/** Programs of other platforms, of which the base image would run none. */
const CORE = 'node_modules/@temporalio/core-bridge/releases';
const OWN_CORE = 'x86_64-unknown-linux-gnu';

/** Makes it anew in the folder of a stack. */
export async function makeServiceImage(profile: Profile): Promise<LocalImage> {
  const reference = `kubernetes-task-runner/service:${await productVersion(profile)}`;
  const folder = join(profile.stateFolder, 'service-image');
  const root = join(folder, 'root');
  await rm(folder, { recursive: true, force: true });
  await stageService(profile.repository, root);
  const config = {
    Entrypoint: entrypointOf(stage('service')),
    Cmd: ['api'],
    Env: ['NODE_ENV=production', SEARCH_PATH],
    User: USER,
    WorkingDir: '/app',
  };
  const archive = join(folder, 'image.tar');
  const digest = await packImage(reference, root, config, archive);
  await rm(root, { recursive: true });
  return { reference, archive, digest };
}

async function stageService(repository: string, root: string): Promise<void> {
  const app = join(root, 'app');
  for (const path of [app, join(root, 'etc'), join(root, 'tmp')]) await mkdir(path, { recursive: true });
  await chmod(join(root, 'tmp'), 0o1777);
  await writeFile(join(root, 'etc/passwd'), 'root:x:0:0:root:/root:/bin/sh\nnode:x:1000:1000::/tmp:/bin/sh\n');
  const built = ['dist/kubernetes-client.js', 'dist/page'];
  const copied = [...copiedFiles(stage('service-files')), ...built, ...productionPackages(repository)];
  await run('cp', ['--archive', '--parents', '--target-directory', app, ...copied], { cwd: repository });
  await writeFile(join(app, 'dist/workflows.js'), (await bundleWorkflows(new DefaultLogger('ERROR'))).code);
  const foreign = (await readdir(join(app, CORE))).filter((name) => name !== OWN_CORE);
  for (const name of foreign) await rm(join(app, CORE, name), { recursive: true });
  await copyIn(root, '/usr/local/bin/node', await realpath(process.execPath));
  await copyIn(root, '/bin/busybox', await busyboxPath());
  for (const path of SHELL) await linkIn(root, path, '/bin/busybox');
  await copyLibraries(root);
}

/** Folders of the packages that `npm ci --omit=dev` would install; those of their own packages are below them. */
function productionPackages(repository: string): readonly string[] {
  const { packages } = JSON.parse(readFileSync(join(repository, 'node_modules/.package-lock.json'), 'utf8')) as {
    packages: Readonly<Record<string, { dev?: boolean; devOptional?: boolean }>>;
  };
  const names = Object.keys(packages).filter((name) => !packages[name]?.dev && !packages[name]?.devOptional);
  return names.filter((name) => !/node_modules\/.*\/node_modules\//.test(name));
}

/** The libraries that Node and the addons are linked to, at their own places. */
async function copyLibraries(root: string): Promise<void> {
  const addons = await Array.fromAsync(glob('app/node_modules/**/*.node', { cwd: root }));
  const linked = ['usr/local/bin/node', ...addons].map((path) => join(root, path));
  const { stdout } = await run('ldd', linked);
  const libraries = [...stdout.matchAll(/(?:=>\s*)?(\/\S+)\s+\(0x/g)].map(([, path]) => path ?? '');
  for (const path of new Set(libraries)) await copyIn(root, path, path);
  const authorities = '/etc/ssl/certs/ca-certificates.crt';
  if (await exists(authorities)) await copyIn(root, authorities, authorities);
}

async function copyIn(root: string, path: string, source: string): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await copyFile(source, join(root, path));
}

async function linkIn(root: string, path: string, target: string): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await symlink(target, join(root, path));
}
