import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, readlink, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { run } from '../../../deploy/local/command.ts';
import type { Closing } from '../scope.ts';
import type { Engine } from './engine.ts';

/** What an image is made of, on the disk. */
export interface UnpackedImage {
  /** All files of all layers, whether or not a later one hides them. */
  readonly root: string;
  /** What is said of how it was made and is run, as text. */
  readonly config: string;
  readonly sizeBytes: number;
}

/** Saves an image and unpacks its layers, each on top of the one before, until the test ends. */
export async function unpackImage(context: Closing, { docker }: Engine, name: string): Promise<UnpackedImage> {
  const folder = await mkdtemp(join(tmpdir(), 'image-'));
  context.after(() => rm(folder, { recursive: true }));
  const [saved, root] = [join(folder, 'saved'), join(folder, 'root')];
  await Promise.all([mkdir(saved), mkdir(root)]);
  await docker(['save', '--output', join(folder, 'image.tar'), name]);
  await run('tar', ['-xf', join(folder, 'image.tar'), '-C', saved]);
  const [manifest] = JSON.parse(await readFile(join(saved, 'manifest.json'), 'utf8')) as Manifest[];
  if (manifest === undefined) throw new Error(`${name} has no manifest`);
  // What a layer deletes stands in it as a file of its own: nothing is deleted here.
  for (const layer of manifest.Layers) await run('tar', ['-xf', join(saved, layer), '-C', root]);
  const config = await readFile(join(saved, manifest.Config), 'utf8');
  return { root, config, sizeBytes: Number(await docker(['inspect', '--format', '{{.Size}}', name])) };
}

interface Manifest {
  readonly Config: string;
  readonly Layers: readonly string[];
}

/** Paths of all files below a folder, sorted; those of links, too. */
export async function filesOf(root: string): Promise<readonly string[]> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => !entry.isDirectory());
  return files.map((entry) => relative(root, join(entry.parentPath, entry.name))).sort();
}

/** Everything about each file but its time, a line a file: its path, mode, owner, and the hash of what is in it. */
export async function contentsOf(root: string): Promise<readonly string[]> {
  const lines: string[] = [];
  for (const path of await filesOf(root)) {
    const file = join(root, path);
    const target = await readlink(file).catch(() => undefined);
    const { mode, uid, gid } = target === undefined ? await stat(file) : { mode: 0, uid: 0, gid: 0 };
    const content = target ?? (await readFile(file));
    const hash = createHash('sha256').update(content).digest('hex');
    lines.push(`${path} ${mode.toString(8)} ${uid}:${gid} ${hash}`);
  }
  return lines;
}
