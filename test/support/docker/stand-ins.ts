import { chown, copyFile, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { BINARY_NAMES, buildServers } from '../../../deploy/local/build.ts';
import type { Binaries } from '../../../deploy/local/build.ts';
import { run } from '../../../deploy/local/command.ts';
import { busyboxPath } from '../../../deploy/local/images.ts';
import { createProgress } from '../../../deploy/local/progress.ts';
import { REPOSITORY } from './engine.ts';
import type { Engine } from './engine.ts';

/** What stands in for an image that only a registry has. */
interface StandIn {
  /** Paths inside it, each with a file of this machine. */
  readonly files: Readonly<Record<string, string>>;
  readonly scripts?: Readonly<Record<string, string>>;
  /** A folder that belongs to a user of this id. */
  readonly home?: { readonly path: string; readonly id: number };
  readonly config: readonly string[];
}

/** Programs of busybox that the file's health checks, and the scripts here, call. */
const APPLETS = ['sh', 'wget', 'nc', 'cp', 'sleep', 'chmod'];

/** The healthcheck of the file asks a server of MongoDB by its own shell; this one sees whether somebody listens. */
const MONGOSH = '#!/bin/sh\nexec nc -w 2 127.0.0.1 27017 < /dev/null\n';

/** It says where the cluster is, as k3s does. The cluster itself is that of the stack, beside Docker. */
const K3S =
  '#!/bin/sh\ncp /cluster/kubeconfig /etc/rancher/k3s/k3s.yaml && chmod 644 /etc/rancher/k3s/k3s.yaml && exec sleep 86400\n';

function standIns(binaries: Binaries<'temporal' | 'ferretdb' | 'gcs'>): Readonly<Record<string, StandIn>> {
  return {
    temporal: {
      files: { '/usr/local/bin/temporal': join(binaries.temporal, 'temporal') },
      home: { path: '/home/temporal', id: 1000 },
      config: ['ENTRYPOINT ["temporal"]', 'USER 1000:1000', 'ENV USER=temporal HOME=/home/temporal'],
    },
    mongodb: {
      files: { '/usr/local/bin/ferretdb': join(binaries.ferretdb, 'ferretdb') },
      scripts: { '/usr/local/bin/mongosh': MONGOSH },
      home: { path: '/data/db', id: 0 },
      config: ['ENTRYPOINT ["ferretdb", "-listen", "0.0.0.0:27017", "-dir", "/data/db"]'],
    },
    bucket: {
      files: { '/bin/fake-gcs-server': join(binaries.gcs, 'fake-gcs-server') },
      config: ['ENTRYPOINT ["/bin/fake-gcs-server"]'],
    },
    k3s: {
      files: {},
      scripts: { '/bin/k3s': K3S },
      home: { path: '/etc/rancher/k3s', id: 0 },
      config: ['ENTRYPOINT ["/bin/k3s"]'],
    },
  };
}

/** Makes the images that stand in for those that a registry would have: name of a service → name of its image. */
export async function makeStandIns(engine: Engine): Promise<Readonly<Record<string, string>>> {
  const servers = join(REPOSITORY, 'deploy', 'local', 'servers');
  const binaries = await buildServers(servers, BINARY_NAMES, createProgress());
  const images: Record<string, string> = {};
  for (const [service, standIn] of Object.entries(standIns(binaries)))
    images[service] = await makeStandIn(engine, service, standIn);
  return images;
}

async function makeStandIn({ docker }: Engine, service: string, standIn: StandIn): Promise<string> {
  const name = `${service}-of-this-machine:1`;
  const folder = await mkdtemp(join(tmpdir(), 'stand-in-'));
  try {
    const root = join(folder, 'root');
    await stage(standIn, root);
    await run('tar', ['-cf', join(folder, 'root.tar'), '-C', root, '.']);
    const changes = ['ENV PATH=/usr/local/bin:/bin', ...standIn.config].flatMap((line) => ['--change', line]);
    await docker(['import', ...changes, join(folder, 'root.tar'), name]);
    return name;
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function stage({ files, scripts = {}, home }: StandIn, root: string): Promise<void> {
  for (const [path, source] of Object.entries({ '/bin/busybox': await busyboxPath(), ...files })) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await copyFile(source, join(root, path));
  }
  for (const applet of APPLETS) await symlink('busybox', join(root, 'bin', applet));
  for (const [path, text] of Object.entries(scripts)) await writeFile(join(root, path), text, { mode: 0o755 });
  await mkdir(join(root, 'tmp'), { mode: 0o777 });
  if (home === undefined) return;
  await mkdir(join(root, home.path), { recursive: true });
  await chown(join(root, home.path), home.id, home.id);
}
