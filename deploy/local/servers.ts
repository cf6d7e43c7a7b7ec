import { join } from 'node:path';
import type { Binaries } from './build.ts';
import type { Address } from './ports.ts';
import type { ProcessSpec } from './processes.ts';
import type { Profile } from './profile.ts';
import { answers, listens } from './ready.ts';
import type { ReadyCheck } from './ready.ts';

/** Servers that make up the embedded cluster, in the order in which a person reads them. */
export const CLUSTER_SERVERS = [
  'etcd',
  'containerd',
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
  'local-provisioner',
  'kubelet',
] as const;

/** Servers that every stack has. */
export const BASE_SERVERS = ['temporal', 'mongodb', 'gcs'] as const;

/** Names of all servers that others made. */
export const SERVER_NAMES = [...CLUSTER_SERVERS, ...BASE_SERVERS] as const;

/** A server of the stack: how it is started, where it listens, and how to see that it works. */
export interface Server {
  readonly spec: ProcessSpec;
  readonly addresses: readonly Address[];
  readonly ready: ReadyCheck;
}

export const LOOPBACK = '127.0.0.1';

/** Where a server listens that only this machine reaches. */
export function loopback(wantedBy: string, port: number): Address {
  return { host: LOOPBACK, port, wantedBy };
}

/** The Temporal dev server with its Web UI. */
export function temporalServer({ ports, stateFolder }: Profile, binaries: Binaries<'temporal'>): Server {
  const args = [
    ...['server', 'start-dev', '--ip', LOOPBACK, '--port', `${ports.temporal}`, '--ui-port', `${ports.temporalUi}`],
    ...['--db-filename', join(stateFolder, 'temporal.sqlite'), '--log-level', 'warn'],
    ...['--sqlite-pragma', 'journal_mode=WAL', '--sqlite-pragma', 'synchronous=OFF'],
    ...['--dynamic-config-value', 'system.enableActivityEagerExecution=true'],
    // Who lets jobs go in turn goes before them.
    ...['--dynamic-config-value', 'matching.useNewMatcher=true'],
    // What was deleted is gone in a second; by default it takes up to a minute.
    ...['--dynamic-config-value', 'history.transferProcessorUpdateAckInterval="1s"'],
    ...['--dynamic-config-value', 'history.visibilityProcessorUpdateAckInterval="1s"'],
    // A version of the worker without jobs is told to be drained in seconds; by default it takes three minutes.
    ...['--dynamic-config-value', 'matching.wv.VersionDrainageStatusVisibilityGracePeriod="2s"'],
    ...['--dynamic-config-value', 'matching.wv.VersionDrainageStatusRefreshInterval="2s"'],
  ];
  return {
    spec: { name: 'temporal', command: join(binaries.temporal, 'temporal'), args },
    addresses: [loopback('temporal', ports.temporal), loopback('the Temporal Web UI', ports.temporalUi)],
    // Asked through the Web UI, so that both are known to work.
    ready: answers(`http://${LOOPBACK}:${ports.temporalUi}/api/v1/namespaces/default`),
  };
}

/** A server that speaks MongoDB's protocol. */
export function mongodbServer({ ports, stateFolder }: Profile, binaries: Binaries<'ferretdb'>): Server {
  const args = ['-listen', `${LOOPBACK}:${ports.mongodb}`, '-dir', join(stateFolder, 'mongodb')];
  return {
    spec: { name: 'mongodb', command: join(binaries.ferretdb, 'ferretdb'), args },
    addresses: [loopback('mongodb', ports.mongodb)],
    ready: listens({ host: LOOPBACK, port: ports.mongodb }),
  };
}

/**
 * The emulator of Google Cloud Storage.
 * @param host address of this machine that pods reach too: a signed URL holds under one host only
 */
export function gcsServer({ ports, stateFolder }: Profile, binaries: Binaries<'gcs'>, host: string): Server {
  const address = `${host}:${ports.gcs}`;
  const args = [
    ...['-scheme', 'http', '-host', host, '-port', `${ports.gcs}`],
    ...['-public-host', address, '-external-url', `http://${address}`],
    ...['-backend', 'filesystem', '-filesystem-root', join(stateFolder, 'bucket'), '-log-level', 'warn'],
  ];
  return {
    spec: { name: 'gcs', command: join(binaries.gcs, 'fake-gcs-server'), args },
    addresses: [{ host, port: ports.gcs, wantedBy: 'gcs' }],
    ready: answers(`http://${address}/_internal/healthcheck`),
  };
}
