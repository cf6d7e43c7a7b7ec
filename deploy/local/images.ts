import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { chmod, copyFile, mkdir, mkdtemp, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { packImage } from '../images/oci.ts';
import type { ImageConfig } from '../images/oci.ts';
import { bundleTransfer } from '../images/transfer/bundle.ts';
import { compileTransfer } from '../images/transfer/compile.ts';
import { TRANSFER_IMAGE_CONFIG } from '../images/transfer/image.ts';
import type { Binaries } from './build.ts';
import { cached } from './cache.ts';
import { run } from './command.ts';
import { exists } from './files.ts';
import type { Profile } from './profile.ts';

/** An image that stands in the cache as an archive. */
export interface LocalImage {
  /** Name under which pods ask for it. */
  readonly reference: string;
  readonly archive: string;
  /** Digest of its manifest. */
  readonly digest: string;
}

/** The images that the embedded cluster needs, none of which is pulled. */
export type LocalImages = Readonly<
  Record<'pause' | 'busybox' | 'nonroot' | 'noshell' | 'nocommand' | 'transfer', LocalImage>
>;

/** What goes into an image: paths inside it, each with a file of this machine. */
interface Recipe {
  readonly reference: string;
  readonly config: ImageConfig;
  readonly files: Readonly<Record<string, string>>;
  /** Symbolic links: path inside the image → target. */
  readonly links?: Readonly<Record<string, string>>;
  /** Adds to the root file system what follows from the files. */
  readonly complete?: (root: string) => void;
}

const REPOSITORY = 'kubernetes-task-runner';
const NOBODY = 65532;
const SEARCH_PATH = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** Names of the accounts inside every image. */
const ACCOUNTS = {
  passwd: `root:x:0:0:root:/root:/bin/sh\nnobody:x:${NOBODY}:${NOBODY}:nobody:/tmp:/bin/false\n`,
  group: `root:x:0:\nnobody:x:${NOBODY}:\n`,
};

/** Image that holds a pod's network. */
export function makePauseImage(binaries: Binaries<'pause'>): Promise<LocalImage> {
  return makeImage({
    reference: `${REPOSITORY}/pause:1`,
    config: { Entrypoint: ['/pause'], User: `${NOBODY}:${NOBODY}` },
    files: { '/pause': join(binaries.pause, 'pause') },
  });
}

/** Image without a shell, for tests. `version` is the product's. */
export function makeNoshellImage(binaries: Binaries<'noshell'>, version: string): Promise<LocalImage> {
  return makeImage({
    reference: `${REPOSITORY}/noshell:${version}`,
    config: { Entrypoint: ['/noshell'], User: `${NOBODY}:${NOBODY}` },
    files: { '/noshell': join(binaries.noshell, 'noshell') },
  });
}

/** Image that does not say what to run, for tests. `version` is the product's. */
export function makeNocommandImage(binaries: Binaries<'noshell'>, version: string): Promise<LocalImage> {
  return makeImage({
    reference: `${REPOSITORY}/nocommand:${version}`,
    config: {},
    files: { '/noshell': join(binaries.noshell, 'noshell') },
  });
}

/** Image with a shell, made of this machine's busybox. */
export function makeBusyboxImage(): Promise<LocalImage> {
  return makeShellImage('busybox', {});
}

/** The same as a user of its own, for tests. */
export function makeNonrootImage(): Promise<LocalImage> {
  return makeShellImage('nonroot', { User: '1000:1000' });
}

/** This machine's busybox, which is linked to nothing. */
export async function busyboxPath(): Promise<string> {
  const { stdout } = await run('sh', ['-c', 'command -v busybox']);
  return stdout.trim();
}

async function makeShellImage(name: string, user: Pick<ImageConfig, 'User'>): Promise<LocalImage> {
  const { stdout: applets } = await run('busybox', ['--list-full']);
  const { stdout: help } = await run('busybox', []);
  const version = /v(\d+\.\d+\.\d+)/.exec(help)?.[1] ?? '1';
  const paths = applets.split('\n').filter((applet) => applet !== '' && applet !== 'bin/busybox');
  return makeImage({
    reference: `${REPOSITORY}/${name}:${version}`,
    config: { Cmd: ['sh'], Env: [SEARCH_PATH], ...user },
    files: { '/bin/busybox': await busyboxPath() },
    links: Object.fromEntries(paths.map((applet) => [`/${applet}`, '/bin/busybox'])),
  });
}

/** Version of the product, by which its images are tagged. */
export async function productVersion(profile: Profile): Promise<string> {
  const text = await readFile(join(profile.repository, 'package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

/** Makes the archive of the image that moves inputs and outputs, unless the cache has it. */
export async function makeTransferImage(version: string): Promise<LocalImage> {
  const folder = await mkdtemp(join(tmpdir(), 'transfer-'));
  try {
    const bundle = join(folder, 'transfer.js');
    const addon = await bundleTransfer(bundle);
    return await makeImage(await transferRecipe(bundle, addon, version));
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The node that runs this program, our program in one file, its addon, and the libraries that these are linked to. */
async function transferRecipe(bundle: string, addon: string, version: string): Promise<Recipe> {
  const node = await realpath(process.execPath);
  const { stdout } = await run('ldd', [node, addon]);
  const libraries = [...stdout.matchAll(/(?:=>\s*)?(\/\S+)\s+\(0x/g)].map(([, path]) => path ?? '');
  const authorities = '/etc/ssl/certs/ca-certificates.crt';
  return {
    reference: `${REPOSITORY}/transfer:${version}`,
    config: TRANSFER_IMAGE_CONFIG,
    files: {
      '/nodejs/bin/node': node,
      '/app/transfer.js': bundle,
      [`/app/${basename(addon)}`]: addon,
      ...Object.fromEntries(libraries.map((path) => [path, path])),
      ...((await exists(authorities)) ? { [authorities]: authorities } : {}),
    },
    complete: (root) => compileTransfer(join(root, 'app/transfer.js')),
  };
}

async function makeImage(recipe: Recipe): Promise<LocalImage> {
  const name = recipe.reference.slice(REPOSITORY.length + 1).replace(':', '-');
  const folder = await cached(`image-${name}`, await hashOf(recipe), async (target) => {
    const root = join(target, 'root');
    await stage(recipe, root);
    recipe.complete?.(root);
    const digest = await packImage(recipe.reference, root, recipe.config, join(target, 'image.tar'));
    await rm(root, { recursive: true });
    await writeFile(join(target, 'digest'), digest);
  });
  const digest = await readFile(join(folder, 'digest'), 'utf8');
  return { reference: recipe.reference, archive: join(folder, 'image.tar'), digest };
}

/** Lays out the root file system of an image. */
async function stage(recipe: Recipe, root: string): Promise<void> {
  for (const folder of ['/etc', '/root', '/input', '/output']) await mkdir(join(root, folder), { recursive: true });
  await mkdir(join(root, 'tmp'));
  await chmod(join(root, 'tmp'), 0o1777);
  await writeFile(join(root, 'etc/passwd'), ACCOUNTS.passwd);
  await writeFile(join(root, 'etc/group'), ACCOUNTS.group);
  for (const [path, source] of Object.entries(recipe.files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await copyFile(source, join(root, path));
  }
  for (const [path, target] of Object.entries(recipe.links ?? {})) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await symlink(target, join(root, path));
  }
}

async function hashOf(recipe: Recipe): Promise<string> {
  const hash = createHash('sha256');
  hash.update(JSON.stringify([recipe.reference, recipe.config, recipe.links ?? {}, ACCOUNTS, stage.toString()]));
  for (const [path, source] of Object.entries(recipe.files)) {
    hash.update(`${path}\0`);
    for await (const chunk of createReadStream(source)) hash.update(chunk as Buffer);
  }
  return hash.digest('hex').slice(0, 12);
}
