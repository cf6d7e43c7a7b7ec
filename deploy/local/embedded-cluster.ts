import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Backend } from './backend.ts';
import { makeBucket } from './bucket.ts';
import { BINARY_NAMES, buildServers, needsCompiler } from './build.ts';
import type { Binaries } from './build.ts';
import { makeCertificates } from './certificates.ts';
import { clusterPaths, writeClusterFiles } from './cluster-files.ts';
import { clusterServersOf } from './cluster-servers.ts';
import type { ClusterServerName } from './cluster-servers.ts';
import { importImages, letNodeRead, makeStorageClass, waitForNode } from './cluster.ts';
import { BUCKET, credentialsFile, environmentOf, makeCredentials } from './env-file.ts';
import {
  makeBusyboxImage,
  makeNocommandImage,
  makeNonrootImage,
  makeNoshellImage,
  makePauseImage,
  makeTransferImage,
  productVersion,
} from './images.ts';
import type { LocalImages } from './images.ts';
import { makeCgroups, removeLeftovers } from './leftovers.ts';
import { makeBridge } from './network.ts';
import { cniFolder, installPackages } from './packages.ts';
import { requireCompiler, requireMachine } from './prerequisites.ts';
import { pidByName } from './processes.ts';
import type { Profile } from './profile.ts';
import type { Progress } from './progress.ts';
import { ensureRunning, makeWay, notRunning } from './running.ts';
import { gcsServer, mongodbServer, temporalServer } from './servers.ts';
import type { Server } from './servers.ts';

/** What the cluster and the servers beside it are made of; none of it belongs to one profile. */
interface Artefacts {
  readonly binaries: Binaries;
  readonly images: LocalImages;
  readonly cniPlugins: string;
}

type Servers = Readonly<Record<ClusterServerName | 'temporal' | 'mongodb' | 'gcs', Server>>;

const STOP_MS = 3_000;

/** The disk belongs to the person: a job that goes mad does not fill it. */
const MAX_OUTPUT_BYTES = 16 * 1024 ** 3;

/** Makes all that the cache lacks of a stack with a cluster of its own: packages, servers, images. */
export async function prepareEmbedded(profile: Profile, progress: Progress): Promise<Backend> {
  requireMachine(profile, 'embedded cluster');
  const artefacts = await makeArtefacts(profile, progress);
  const { binaries } = artefacts;
  return {
    environment: embeddedEnvironment(profile, artefacts.images),
    tools: { kubectl: join(binaries.kubernetes, 'kubectl'), temporal: join(binaries.temporal, 'temporal') },
    start: (startProgress) => startServers(profile, artefacts, startProgress),
  };
}

async function makeArtefacts(profile: Profile, progress: Progress): Promise<Artefacts> {
  const serversFolder = join(profile.repository, 'deploy', 'local', 'servers');
  if (await needsCompiler(serversFolder, BINARY_NAMES)) await requireCompiler();
  const logs = join(profile.stateFolder, 'logs');
  await mkdir(logs, { recursive: true });
  const version = await productVersion(profile);
  // Whatever needs no compiler is made in the compiler's waits.
  const packages = installPackages(join(logs, 'packages.log'), progress);
  const [binaries, transfer, busybox] = await Promise.all([
    buildServers(serversFolder, BINARY_NAMES, progress),
    makeTransferImage(version),
    packages.then(makeBusyboxImage),
  ]);
  const [nonroot, pause, noshell, nocommand] = await Promise.all([
    makeNonrootImage(),
    makePauseImage(binaries),
    makeNoshellImage(binaries, version),
    makeNocommandImage(binaries, version),
  ]);
  const cniPlugins = await cniFolder();
  if (cniPlugins === undefined) throw new Error('the CNI plugins were installed, yet cannot be found');
  return { binaries, images: { pause, busybox, nonroot, noshell, nocommand, transfer }, cniPlugins };
}

function embeddedEnvironment(profile: Profile, images: LocalImages) {
  return environmentOf(profile, {
    kubeconfig: clusterPaths(profile).kubeconfig,
    namespace: 'default',
    bucket: {
      endpoint: `http://${profile.bridge.address}:${profile.ports.gcs}`,
      name: BUCKET,
      credentialsFile: credentialsFile(profile),
    },
    transferImage: images.transfer.reference,
    testImages: {
      IMAGE_BUSYBOX: images.busybox.reference,
      IMAGE_NONROOT: images.nonroot.reference,
      IMAGE_NOSHELL: images.noshell.reference,
      IMAGE_NOCOMMAND: images.nocommand.reference,
    },
    maxOutputBytes: MAX_OUTPUT_BYTES,
  });
}

async function startServers(profile: Profile, artefacts: Artefacts, progress: Progress): Promise<void> {
  const servers = serversOf(profile, artefacts.binaries);
  const all = Object.values(servers);
  if ((await notRunning(profile, all)).length === all.length) await removeLeftovers(profile);
  await makeWay(profile, all, STOP_MS);
  await makeSurroundings(profile, artefacts);
  const start = (name: keyof Servers) => ensureRunning(profile, servers[name], progress);
  await Promise.all([
    startCluster(profile, artefacts.images, start),
    start('temporal'),
    start('mongodb'),
    start('gcs').then(() => makeBucket(`http://${profile.bridge.address}:${profile.ports.gcs}`, BUCKET)),
  ]);
}

function serversOf(profile: Profile, binaries: Binaries): Servers {
  return {
    ...clusterServersOf(profile, binaries),
    temporal: temporalServer(profile, binaries),
    mongodb: mongodbServer(profile, binaries),
    gcs: gcsServer(profile, binaries, profile.bridge.address),
  };
}

/** What servers need before they start: folders, the bridge, keys, configuration. */
async function makeSurroundings(profile: Profile, { images, cniPlugins }: Artefacts): Promise<void> {
  for (const folder of ['mongodb', 'bucket']) await mkdir(join(profile.stateFolder, folder), { recursive: true });
  await Promise.all([makeBridge(profile), makeCgroups(profile), makeCertificates(profile), makeCredentials(profile)]);
  await writeClusterFiles(profile, images.pause.reference, cniPlugins);
}

async function startCluster(
  profile: Profile,
  images: LocalImages,
  start: (name: ClusterServerName) => Promise<void>,
): Promise<void> {
  const startedAt = Date.now();
  const kubeletWasRunning = (await pidByName(profile, 'kubelet')) !== undefined;
  const imported = start('containerd').then(() => importImages(profile, images));
  await start('etcd');
  await start('kube-apiserver');
  await Promise.all([
    imported,
    makeStorageClass(profile).then(() => start('local-provisioner')),
    letNodeRead(profile),
    start('kube-controller-manager'),
    start('kube-scheduler'),
    imported.then(() => start('kubelet')),
  ]);
  await waitForNode(profile, kubeletWasRunning ? 0 : startedAt);
}
