import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { clusterPaths } from '../../../deploy/local/cluster-files.ts';
import type { Profile } from '../../../deploy/local/profile.ts';
import type { Closing } from '../scope.ts';

const FORWARDING = '/proc/sys/net/ipv4/ip_forward';

/** Lets new pods of the stack's cluster reach the containers of a network of Docker, which they cannot by themselves, until the test ends. */
export async function letPodsReach(context: Closing, profile: Profile, subnet: string): Promise<void> {
  const before = await readFile(FORWARDING, 'utf8');
  context.after(() => writeFile(FORWARDING, before));
  await writeFile(FORWARDING, '1\n');
  const { cniConfig } = clusterPaths(profile);
  const network = JSON.parse(await readFile(join(cniConfig, '10-bridge.conflist'), 'utf8')) as PodNetwork;
  for (const { ipam } of network.plugins) ipam['routes'] = [{ dst: subnet, gw: profile.bridge.address }];
  // containerd takes the first one by name.
  const file = join(cniConfig, '05-bridge.conflist');
  context.after(() => rm(file, { force: true }));
  await writeFile(file, JSON.stringify(network));
}

interface PodNetwork {
  readonly plugins: readonly { readonly ipam: Record<string, unknown> }[];
}
