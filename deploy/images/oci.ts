import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { run } from '../local/command.ts';

/** What an image says about running it, in the words of the OCI image specification. */
export interface ImageConfig {
  readonly Entrypoint?: readonly string[];
  readonly Cmd?: readonly string[];
  readonly Env?: readonly string[];
  readonly User?: string;
  readonly WorkingDir?: string;
}

/** A content-addressed piece of an image. */
interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

const MEDIA_TYPES = {
  layer: 'application/vnd.oci.image.layer.v1.tar',
  config: 'application/vnd.oci.image.config.v1+json',
  manifest: 'application/vnd.oci.image.manifest.v1+json',
} as const;

/**
 * Packs a root file system into an OCI archive of one layer, that `ctr images import` and `docker load` read.
 * Equal files give an equal archive: names are sorted, times are 0, everything belongs to root.
 * @returns digest of the manifest, by which a container runtime knows the image.
 */
export async function packImage(
  reference: string,
  rootFolder: string,
  config: ImageConfig,
  archive: string,
): Promise<string> {
  const layout = `${archive}.layout`;
  await rm(layout, { recursive: true, force: true });
  await mkdir(join(layout, 'blobs', 'sha256'), { recursive: true });
  const layer = await addLayer(layout, rootFolder);
  const manifest = await addManifest(layout, layer, config);
  await addIndex(layout, reference, manifest);
  await run('tar', ['-cf', archive, '-C', layout, '.']);
  await rm(layout, { recursive: true });
  return manifest.digest;
}

async function addLayer(layout: string, rootFolder: string): Promise<Descriptor> {
  const part = join(layout, 'layer.tar');
  const fixed = ['--sort=name', '--mtime=@0', '--owner=0', '--group=0', '--numeric-owner', '--format=gnu'];
  await run('tar', [...fixed, '-cf', part, '-C', rootFolder, '.']);
  const hash = createHash('sha256');
  await pipeline(createReadStream(part), hash);
  const hex = hash.digest('hex');
  const { size } = await stat(part);
  await rename(part, join(layout, 'blobs', 'sha256', hex));
  return { mediaType: MEDIA_TYPES.layer, digest: `sha256:${hex}`, size };
}

async function addManifest(layout: string, layer: Descriptor, config: ImageConfig): Promise<Descriptor> {
  const image = {
    architecture: process.arch === 'x64' ? 'amd64' : process.arch,
    os: 'linux',
    config,
    rootfs: { type: 'layers', diff_ids: [layer.digest] },
  };
  const configBlob = await addJson(layout, MEDIA_TYPES.config, image);
  const manifest = { schemaVersion: 2, mediaType: MEDIA_TYPES.manifest, config: configBlob, layers: [layer] };
  return addJson(layout, MEDIA_TYPES.manifest, manifest);
}

async function addIndex(layout: string, reference: string, manifest: Descriptor): Promise<void> {
  const annotations = {
    'io.containerd.image.name': `docker.io/${reference}`,
    'org.opencontainers.image.ref.name': reference.split(':').at(-1) ?? 'latest',
  };
  const index = { schemaVersion: 2, manifests: [{ ...manifest, annotations }] };
  await writeFile(join(layout, 'index.json'), JSON.stringify(index));
  await writeFile(join(layout, 'oci-layout'), JSON.stringify({ imageLayoutVersion: '1.0.0' }));
}

async function addJson(layout: string, mediaType: string, value: unknown): Promise<Descriptor> {
  const content = JSON.stringify(value);
  const hex = createHash('sha256').update(content).digest('hex');
  await writeFile(join(layout, 'blobs', 'sha256', hex), content);
  return { mediaType, digest: `sha256:${hex}`, size: Buffer.byteLength(content) };
}
