import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { importArchive } from '../../../deploy/local/cluster.ts';
import { createScope } from '../scope.ts';
import { startEngine } from './engine.ts';
import { buildImage } from './images.ts';

/** Builds the image `service` of deploy/Dockerfile and hands it to the cluster of the tests. Returns the name by which pods ask for it. */
export async function giveServiceImage(): Promise<string> {
  await using scope = createScope();
  const folder = await mkdtemp(join(tmpdir(), 'service-image-'));
  scope.after(() => rm(folder, { recursive: true }));
  const engine = await startEngine(scope);
  const image = await buildImage(engine, 'service');
  const archive = join(folder, 'image.tar');
  await engine.docker(['save', '--output', archive, image]);
  await importArchive(engine.profile, archive);
  return image;
}
