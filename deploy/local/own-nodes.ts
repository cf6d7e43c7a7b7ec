import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { CoreV1Api, KubeConfig, StorageV1Api } from '@kubernetes/client-node';
import type { V1Node } from '@kubernetes/client-node';
import type { OwnCluster } from './own-cluster-settings.ts';
import type { Progress } from './progress.ts';

const ANSWER_MS = 10_000;

const DEFAULT_CLASS = 'storageclass.kubernetes.io/is-default-class';

/**
 * Looks at somebody's cluster before anything is started for it.
 * @returns the address of this machine under which the cluster's nodes reach it, for the bucket's emulator;
 * undefined when the owner has named a bucket.
 * @throws Error with one sentence when the cluster does not answer, or does not tell its nodes
 */
export async function inspectCluster(own: OwnCluster, progress: Progress): Promise<string | undefined> {
  const config = await answerOf(own, () => loadConfig(own.kubeconfig));
  const server = config.getCurrentCluster()?.server ?? 'no cluster at all';
  progress.say(`using the cluster of ${own.kubeconfig}, at ${server}`);
  await warnOfMissingStorage(config, progress);
  if (own.bucket !== undefined) return undefined;
  const address = await addressTowards(await nodeAddress(config, own));
  progress.say(`the bucket's emulator listens on ${address}, where the nodes of the cluster reach this machine`);
  return address;
}

function loadConfig(file: string): KubeConfig {
  const config = new KubeConfig();
  config.loadFromFile(file);
  return config;
}

/** Address that this machine has on its way to `host`. Nothing is sent. */
async function addressTowards(host: string): Promise<string> {
  const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
  try {
    // A datagram socket is connected without a packet; any port does.
    socket.connect(9, host);
    await once(socket, 'connect');
    return socket.address().address;
  } finally {
    socket.close();
  }
}

async function nodeAddress(config: KubeConfig, own: OwnCluster): Promise<string> {
  const nodes = await answerOf(own, () => config.makeApiClient(CoreV1Api).listNode());
  const [address] = nodes.items
    .flatMap(internalAddresses)
    .sort((a, b) => Number(a.includes(':')) - Number(b.includes(':')));
  if (address !== undefined) return address;
  throw new Error(
    'The cluster tells no internal address of a node: set GC_API_ENDPOINT to a bucket that its pods reach.',
  );
}

function internalAddresses(node: V1Node): string[] {
  const addresses = node.status?.addresses ?? [];
  return addresses.filter(({ type }) => type === 'InternalIP').map(({ address }) => address);
}

async function answerOf<T>(own: OwnCluster, ask: () => T | Promise<T>): Promise<T> {
  const late = sleep(ANSWER_MS, undefined, { ref: false }).then(() => {
    throw new Error(`no answer in ${ANSWER_MS / 1000} s`);
  });
  return Promise.race([Promise.resolve().then(ask), late]).catch((error: unknown) => {
    throw new Error(
      `The cluster of ${own.kubeconfig} cannot be asked for its nodes (${reasonOf(error)}): name another by KUBECONFIG, ` +
        'or unset it to use the embedded cluster, or set GC_API_ENDPOINT to a bucket that its pods reach.',
      { cause: error },
    );
  });
}

/** First line of what went wrong; of a failed call, what went wrong with the connection. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? reasonOf(error.cause) : (error.message.split('\n', 1)[0] ?? '');
}

/** Claims name no storage class, so that the cluster's default one is used. */
async function warnOfMissingStorage(config: KubeConfig, progress: Progress): Promise<void> {
  const listed = config.makeApiClient(StorageV1Api).listStorageClass();
  const late = sleep(ANSWER_MS, undefined, { ref: false });
  const classes = await Promise.race([listed.catch(() => undefined), late]);
  if (classes === undefined) return;
  const hasDefault = classes.items.some(({ metadata }) => metadata?.annotations?.[DEFAULT_CLASS] === 'true');
  if (!hasDefault) progress.say('the cluster has no default storage class, without which no job can start');
}
