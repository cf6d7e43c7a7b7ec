import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Profile } from '../../deploy/local/profile.ts';
import { giveServiceImage } from './docker/service-image.ts';
import { required } from './environment.ts';
import { createTestBucket } from './gcs.ts';
import type { Values } from './helm.ts';
import { aName } from './job-client.ts';
import { kubectl } from './operator.ts';
import { createTemporalNamespace } from './own-service.ts';
import { createProxy } from './proxy.ts';
import type { Closing } from './scope.ts';

/** What the chart expects of whoever installs it: images that the nodes have, servers that pods reach, a namespace with a Secret. */

/** A place where a release can be installed. */
export interface Place {
  readonly release: string;
  readonly namespace: string;
  /** The chart makes it. */
  readonly jobsNamespace: string;
  readonly values: Values;
}

const SECRET = 'task-runner';

/**
 * Makes it, with a namespace of Temporal, a bucket and a database of its own, until the test ends. From then on this process's environment,
 * by which all helpers go, is that of the service to be.
 */
export async function prepareInstallation(context: Closing, profile: Profile): Promise<Place> {
  const namespace = aName('chart');
  const jobsNamespace = `${namespace}-jobs`;
  const [image, { options }, settings] = await Promise.all([
    giveServiceImage(),
    createTestBucket(),
    settingsOfPods(context, profile),
    createTemporalNamespace(namespace),
    createNamespace(context, namespace, jobsNamespace),
  ]);
  Object.assign(process.env, {
    TEMPORAL_NAMESPACE: namespace,
    KUBERNETES_NAMESPACE: jobsNamespace,
    GC_BUCKET_NAME: options.bucketName,
    MONGODB_DATABASE: namespace,
  });
  await createSecret(namespace, await wayOfPods(context, profile, required('MONGODB_URI')));
  return {
    release: 'runner',
    namespace,
    jobsNamespace,
    values: {
      images: { service: image, transfer: required('TRANSFER_IMAGE') },
      settings: {
        ...settings,
        TEMPORAL_NAMESPACE: namespace,
        GC_BUCKET_NAME: options.bucketName,
        MONGODB_DATABASE: namespace,
      },
      secrets: {
        MONGODB_URI: { name: SECRET, key: 'mongodb-uri' },
        ENCRYPTION_KEYS: { name: SECRET, key: 'encryption-keys' },
        WORKER_TOKEN: { name: SECRET, key: 'worker-token' },
      },
      secretFiles: { GC_CREDENTIALS_FILE_PATH: { name: SECRET, key: 'gcs-key.json' } },
    },
  };
}

/** The cluster of the stack routes no Services and knows no names, so that all is told by addresses. */
async function settingsOfPods(context: Closing, profile: Profile): Promise<Readonly<Record<string, string | number>>> {
  const cluster = await wayOfPods(context, profile, `https://127.0.0.1:${profile.ports.apiserver}`);
  const temporal = await wayOfPods(context, profile, `grpc://${required('TEMPORAL_ADDRESS')}`);
  const { hostname, port } = new URL(cluster);
  return {
    KUBERNETES_SERVICE_HOST: hostname,
    KUBERNETES_SERVICE_PORT: Number(port),
    TEMPORAL_ADDRESS: new URL(temporal).host,
    GC_API_ENDPOINT: required('GC_API_ENDPOINT'),
  };
}

/** Opens a way from the bridge, which is all that pods reach of this machine, to a server that listens on loopback. */
async function wayOfPods(context: Closing, { bridge }: Profile, address: string): Promise<string> {
  const url = new URL(address);
  const way = await createProxy(context, Number(url.port), url.hostname, bridge.address);
  return `${url.protocol}//${bridge.address}:${way.port}${url.pathname}`;
}

/** The namespace admits pods alone that keep to `restricted`, as deploy/kubernetes has it. */
async function createNamespace(context: Closing, namespace: string, jobsNamespace: string): Promise<void> {
  await kubectl('create', 'namespace', namespace);
  await kubectl('label', 'namespace', namespace, 'pod-security.kubernetes.io/enforce=restricted');
  context.after(() => kubectl('delete', 'namespace', namespace, jobsNamespace, '--ignore-not-found', '--wait=false'));
}

async function createSecret(namespace: string, mongodbUri: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'secret-'));
  const contents = {
    'mongodb-uri': mongodbUri,
    'encryption-keys': randomBytes(32).toString('base64'),
    'worker-token': randomBytes(32).toString('hex'),
  };
  const files = Object.entries(contents).map(async ([key, content]) => {
    await writeFile(join(folder, key), content, { mode: 0o600 });
    return `--from-file=${key}=${join(folder, key)}`;
  });
  const key = `--from-file=gcs-key.json=${required('GC_CREDENTIALS_FILE_PATH')}`;
  await kubectl('create', 'secret', 'generic', SECRET, '--namespace', namespace, key, ...(await Promise.all(files)));
  await rm(folder, { recursive: true });
}
