import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Backend } from './backend.ts';
import { makeBucket } from './bucket.ts';
import { BINARY_NAMES, buildServers, needsCompiler } from './build.ts';
import type { Binaries } from './build.ts';
import { makeCertificates } from './certificates.ts';
import { clusterPaths, writeKubeconfigs } from './cluster-files.ts';
import { clusterServersOf } from './cluster-servers.ts';
import { makeStorageClass, waitForNode } from './cluster.ts';
import { BUCKET, credentialsFile, environmentOf, makeCredentials } from './env-file.ts';
import { kwokFolder, kwokServer, makeFakeNode } from './kwok.ts';
import { requireCompiler, requireMachine } from './prerequisites.ts';
import type { Profile } from './profile.ts';
import type { Progress } from './progress.ts';
import { ensureRunning, makeWay } from './running.ts';
import { gcsServer, LOOPBACK, mongodbServer, temporalServer } from './servers.ts';
import type { Server } from './servers.ts';

type FakeBinaries = Binaries & Binaries<'kwok'>;

const STOP_MS = 3_000;

/**
 * Makes all that the cache lacks of a stack whose only node is kwok's: the cluster is real but for its kubelet, so that it takes
 * thousands of pods, none of which does anything. It needs no root and no container.
 */
export async function prepareOnFakeNode(profile: Profile, progress: Progress): Promise<Backend> {
  requireMachine(profile, 'own cluster');
  await mkdir(join(profile.stateFolder, 'logs'), { recursive: true });
  const binaries = await makeBinaries(profile, progress);
  const endpoint = `http://${LOOPBACK}:${profile.ports.gcs}`;
  return {
    environment: environmentOf(profile, {
      kubeconfig: clusterPaths(profile).kubeconfig,
      namespace: 'default',
      bucket: { endpoint, name: BUCKET, credentialsFile: credentialsFile(profile) },
      // Nobody ever pulls these.
      transferImage: 'transfer',
      testImages: { IMAGE_BUSYBOX: 'task' },
    }),
    tools: { kubectl: join(binaries.kubernetes, 'kubectl'), temporal: join(binaries.temporal, 'temporal') },
    start: (startProgress) => startServers(profile, binaries, startProgress),
  };
}

async function makeBinaries(profile: Profile, progress: Progress): Promise<FakeBinaries> {
  const serversFolder = join(profile.repository, 'deploy', 'local', 'servers');
  const needs = [needsCompiler(serversFolder, BINARY_NAMES), needsCompiler(kwokFolder(profile), ['kwok'])];
  if ((await Promise.all(needs)).includes(true)) await requireCompiler();
  const servers = await buildServers(serversFolder, BINARY_NAMES, progress);
  return { ...servers, ...(await buildServers(kwokFolder(profile), ['kwok'], progress)) };
}

async function startServers(profile: Profile, binaries: FakeBinaries, progress: Progress): Promise<void> {
  const cluster = clusterServersOf(profile, binaries);
  const gcs = gcsServer(profile, binaries, LOOPBACK);
  const beside = [temporalServer(profile, binaries), mongodbServer(profile, binaries)];
  const controllers = [
    cluster['kube-controller-manager'],
    cluster['kube-scheduler'],
    cluster['local-provisioner'],
    kwokServer(profile, binaries),
  ];
  await makeWay(profile, [cluster.etcd, cluster['kube-apiserver'], ...controllers, ...beside, gcs], STOP_MS);
  await makeFiles(profile);
  const start = (server: Server) => ensureRunning(profile, server, progress);
  const startCluster = async () => {
    for (const server of [cluster.etcd, cluster['kube-apiserver']]) await start(server);
    await Promise.all([makeStorageClass(profile), makeFakeNode(profile)]);
    await Promise.all(controllers.map(start));
    await waitForNode(profile, 0);
  };
  const startBucket = () => start(gcs).then(() => makeBucket(`http://${LOOPBACK}:${profile.ports.gcs}`, BUCKET));
  await Promise.all([startCluster(), startBucket(), ...beside.map(start)]);
}

/** What servers need before they start: folders, keys, configuration. */
async function makeFiles(profile: Profile): Promise<void> {
  const folders = ['mongodb', 'bucket', 'volumes'];
  for (const folder of folders) await mkdir(join(profile.stateFolder, folder), { recursive: true });
  await Promise.all([makeCertificates(profile), makeCredentials(profile)]);
  await writeKubeconfigs(profile);
}
