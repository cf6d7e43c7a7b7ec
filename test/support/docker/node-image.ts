import { createHash } from 'node:crypto';
import { readFile, realpath } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { cached } from '../../../deploy/local/cache.ts';
import { run } from '../../../deploy/local/command.ts';
import { createProgress } from '../../../deploy/local/progress.ts';
import type { Engine } from './engine.ts';

/** In the place of the image that the Dockerfile builds on, which only a registry has: the same Debian, Node.js and npm. */
const REPOSITORY = 'node-of-this-machine';

const AUTHORITIES = '/etc/ssl/certs/ca-certificates.crt';

/** Variables by which programs are told of a proxy; Docker knows them, and keeps them out of the image. */
const PROXIES = ['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'http_proxy', 'https_proxy', 'no_proxy'];

/** Makes the image that ours are built on, unless the engine has it, and says what a build is told. */
export async function prepareBuild({ docker }: Engine): Promise<Readonly<Record<string, string>>> {
  const authorities = (await npmSetting('cafile')) || (process.env['NODE_EXTRA_CA_CERTS'] ?? '');
  const folder = await rootFileSystem(authorities);
  const image = `${REPOSITORY}:${basename(folder)}`;
  const isThere = (await docker(['images', '--quiet', image])) !== '';
  if (!isThere) await docker(['import', '--change', 'CMD ["node"]', join(folder, 'root.tar'), image]);
  return { NODE_IMAGE: image, ...(await wayToRegistry(authorities)) };
}

/** The way of this machine's npm to its registry. */
async function wayToRegistry(authorities: string): Promise<Readonly<Record<string, string>>> {
  const registry = await npmSetting('registry');
  const proxies = PROXIES.map((name) => [name, process.env[name] ?? ''] as const);
  return {
    ...(registry !== '' && { NPM_CONFIG_REGISTRY: registry }),
    ...(authorities !== '' && { NODE_EXTRA_CA_CERTS: AUTHORITIES }),
    ...Object.fromEntries(proxies.filter(([, value]) => value !== '')),
  };
}

/** A setting of this machine's npm; empty without one. */
async function npmSetting(name: string): Promise<string> {
  const value = (await run('npm', ['config', 'get', name])).stdout.trim();
  return ['null', 'undefined'].includes(value) ? '' : value;
}

/** Folder with the archive `root.tar` of a Debian 12 with the Node.js that runs this test, and this machine's npm. */
async function rootFileSystem(authorities: string): Promise<string> {
  const npm = dirname(dirname(await realpath((await run('sh', ['-c', 'command -v npm'])).stdout.trim())));
  const hooks = [
    `upload ${process.execPath} /usr/local/bin/node`,
    'chroot "$1" mkdir -p /usr/local/lib/node_modules',
    `copy-in ${npm} /usr/local/lib/node_modules`,
    ...['npm', 'npx'].map((name) => `ln -s ../lib/node_modules/npm/bin/${name}-cli.js "$1/usr/local/bin/${name}"`),
    'chroot "$1" sh -c "useradd --create-home --shell /bin/bash node; chmod 755 /usr/local/bin/node; mkdir -p /etc/ssl/certs"',
    ...(authorities === '' ? [] : [`upload ${authorities} ${AUTHORITIES}`]),
  ];
  const versions = [process.version, (await run('npm', ['--version'])).stdout];
  const certificates = authorities === '' ? '' : await readFile(authorities);
  const hash = createHash('sha256')
    .update(JSON.stringify([hooks, versions]))
    .update(certificates);
  return await cached('node-image', hash.digest('hex').slice(0, 12), (target) => makeRoot(target, hooks));
}

async function makeRoot(folder: string, hooks: readonly string[]): Promise<void> {
  const args = ['--variant=minbase', '--mode=root', '--quiet', ...hooks.map((hook) => `--customize-hook=${hook}`)];
  const make = () => run('mmdebstrap', [...args, 'bookworm', join(folder, 'root.tar')]);
  await createProgress().step('make a Debian to build on', make);
}
