import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { clusterPaths } from '../../../deploy/local/cluster-files.ts';
import type { Profile } from '../../../deploy/local/profile.ts';
import type { Closing } from '../scope.ts';

/** Gives new pods of the stack's cluster a route to a network of Docker, which they have not by themselves, until the test ends. */
export async function routePods(context: Closing, profile: Profile, subnet: string): Promise<void> {
  const { cniConfig } = clusterPaths(profile);
  const network = JSON.parse(await readFile(join(cniConfig, '10-bridge.conflist'), 'utf8')) as PodNetwork;
  for (const { ipam } of network.plugins) ipam['routes'] = [{ dst: subnet, gw: profile.bridge.address }];
  // containerd takes the first one by name.
  const file = join(cniConfig, '05-bridge.conflist');
  context.after(() => rm(file, { force: true }));
  await writeFile(file, JSON.stringify(network));
}

/** Lets this machine hand on what comes from these interfaces, until the test ends; what comes from others is left as it was. */
export async function forward(context: Closing, interfaces: readonly string[]): Promise<void> {
  for (const name of interfaces) {
    const file = `/proc/sys/net/ipv4/conf/${name}/forwarding`;
    const before = await readFile(file, 'utf8');
    // The bridge of a network ends with it.
    context.after(() => writeFile(file, before).catch(() => {}));
    await writeFile(file, '1\n');
  }
}

interface PodNetwork {
  readonly plugins: readonly { readonly ipam: Record<string, unknown> }[];
}
