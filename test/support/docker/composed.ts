import { parse } from 'yaml';

/** What a rendered file differs in from docker-compose.yml. */
export interface Differences {
  /** First three numbers of the network's addresses. */
  readonly network: string;
  /** Name of the network's interface. */
  readonly bridge: string;
  /** Name of the service → image that is there. */
  readonly images: Readonly<Record<string, string>>;
  /** Name under which the cluster gets the transfer image. */
  readonly transferImage: string;
  /** Folder with the file `kubeconfig` of the cluster, and URL at which containers reach it. */
  readonly cluster: { readonly folder: string; readonly url: string };
}

type Item = Record<string, unknown>;

interface ComposeFile extends Item {
  name: string;
  networks: Record<string, Item>;
  services: Record<string, Item & { image: string }>;
}

/**
 * docker-compose.yml as one machine without a registry can run it: other addresses, images that are there, and a cluster beside Docker in the place
 * of k3s. Everything else is as the file says. The older Compose takes no `name`. Pure.
 */
export function renderComposeFile(text: string, differences: Differences): string {
  const { network, bridge, images, transferImage, cluster } = differences;
  const moved = text
    .replaceAll('172.30.49.', `${network}.`)
    .replaceAll(/127\.0\.0\.1:(7233|8233):/g, '127.0.0.1::')
    .replaceAll(/kubernetes-task-runner\/transfer:[\w.-]+/g, transferImage)
    .replaceAll('https://k3s:6443', cluster.url);
  const { name: _name, services, networks, ...file } = parse(moved, { merge: true }) as ComposeFile;
  const named = { ...networks['default'], driver_opts: { 'com.docker.network.bridge.name': bridge } };
  for (const [name, service] of Object.entries(services)) {
    if (images[name] !== undefined) service.image = images[name];
  }
  return JSON.stringify({
    ...withoutExtensions(file),
    networks: { ...networks, default: named },
    services: { ...services, k3s: besideDocker(services['k3s'], cluster.folder) },
  });
}

function withoutExtensions(file: Item): Item {
  return Object.fromEntries(Object.entries(file).filter(([key]) => !key.startsWith('x-')));
}

/** No kubelet runs in it: it has no need of the machine, and is ready when it has said where the cluster is. */
function besideDocker(k3s: Item | undefined, folder: string): Item {
  const { privileged: _privileged, tmpfs: _tmpfs, command: _command, volumes, ...rest } = k3s ?? {};
  const healthcheck = { test: ['CMD', 'sh', '-c', 'test -s /etc/rancher/k3s/k3s.yaml'], interval: '1s', retries: 60 };
  return { ...rest, volumes: [...(volumes as string[]), `${folder}:/cluster:ro`], healthcheck };
}
