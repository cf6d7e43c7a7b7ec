import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Backend } from './backend.ts';
import { makeBucket } from './bucket.ts';
import { buildServers, needsCompiler } from './build.ts';
import type { Binaries } from './build.ts';
import { BUCKET, credentialsFile, environmentOf, makeCredentials } from './env-file.ts';
import { makeTransferImage, productVersion } from './images.ts';
import { removeLeftovers } from './leftovers.ts';
import type { OwnCluster } from './own-cluster-settings.ts';
import { requireCompiler, requireMachine } from './prerequisites.ts';
import type { Profile } from './profile.ts';
import type { Progress } from './progress.ts';
import { ensureRunning, isDown, makeWay } from './running.ts';
import { gcsServer, mongodbServer, temporalServer } from './servers.ts';
import type { Server } from './servers.ts';

/** The programs of a stack beside somebody's cluster. */
const NAMES = ['temporal', 'ferretdb', 'gcs'] as const;

const STOP_MS = 3_000;

/** Makes all that the cache lacks of a stack that uses somebody's cluster: no cluster, and no root for it. */
export async function prepareBesideOwn(profile: Profile, own: OwnCluster, progress: Progress): Promise<Backend> {
  requireMachine(profile, 'own cluster');
  // Its library takes most of a second to load, which only a stack beside somebody's cluster should pay.
  const { inspectCluster } = await import('./own-nodes.ts');
  const address = await inspectCluster(own, progress);
  const serversFolder = join(profile.repository, 'deploy', 'local', 'servers');
  if (await needsCompiler(serversFolder, NAMES)) await requireCompiler();
  await mkdir(join(profile.stateFolder, 'logs'), { recursive: true });
  const binaries = await buildServers(serversFolder, NAMES, progress);
  const transferImage = await nameImages(profile, own, progress);
  const emulator = address === undefined ? undefined : gcsServer(profile, binaries, address);
  const endpoint = own.bucket?.endpoint ?? `http://${address}:${profile.ports.gcs}`;
  return {
    environment: environmentOf(profile, {
      kubeconfig: own.kubeconfig,
      namespace: own.namespace,
      bucket: { name: BUCKET, credentialsFile: credentialsFile(profile), ...own.bucket, endpoint },
      transferImage,
      testImages: { IMAGE_BUSYBOX: own.busyboxImage },
    }),
    tools: { temporal: join(binaries.temporal, 'temporal') },
    start: async (startProgress) => {
      await startServers(profile, serversOf(profile, binaries, emulator), startProgress);
      await makeBucket(endpoint, own.bucket?.name ?? BUCKET);
    },
  };
}

function serversOf(
  profile: Profile,
  binaries: Binaries<(typeof NAMES)[number]>,
  emulator: Server | undefined,
): readonly Server[] {
  const servers = [temporalServer(profile, binaries), mongodbServer(profile, binaries)];
  return emulator === undefined ? servers : [...servers, emulator];
}

async function startServers(profile: Profile, servers: readonly Server[], progress: Progress): Promise<void> {
  if (await isDown(profile)) await removeLeftovers(profile);
  await makeWay(profile, servers, STOP_MS);
  for (const folder of ['mongodb', 'bucket']) await mkdir(join(profile.stateFolder, folder), { recursive: true });
  await makeCredentials(profile);
  await Promise.all(servers.map((server) => ensureRunning(profile, server, progress)));
}

/** Says which images the cluster must have, and makes ours unless the owner has brought it there. */
async function nameImages(profile: Profile, own: OwnCluster, progress: Progress): Promise<string> {
  const { busyboxImage, transferImage } = own;
  const image = transferImage === undefined ? await makeTransferImage(await productVersion(profile)) : undefined;
  const reference = transferImage ?? image?.reference ?? '';
  const source = image === undefined ? '' : `, which can be loaded from ${image.archive}`;
  progress.say(
    `the cluster must have or be able to pull ${busyboxImage} (IMAGE_BUSYBOX names another) and ` +
      `${reference} (TRANSFER_IMAGE names another)${source}`,
  );
  return reference;
}
