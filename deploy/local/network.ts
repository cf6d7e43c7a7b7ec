import { readFile } from 'node:fs/promises';
import { run, succeeds } from './command.ts';
import { markedProcesses } from './processes.ts';
import { BRIDGE_PREFIX } from './profile.ts';
import type { Profile } from './profile.ts';

/** Makes the bridge that the pods hang on, and gives it the address at which they find this machine. */
export async function makeBridge({ bridge, stateFolder }: Profile): Promise<void> {
  if (!(await succeeds('ip', ['link', 'show', bridge.name]))) {
    await requireFreeSubnet(bridge.name, bridge.address);
    await run('ip', ['link', 'add', bridge.name, 'type', 'bridge']);
  }
  // By this another checkout learns whose it is.
  await run('ip', ['link', 'set', bridge.name, 'alias', stateFolder]);
  await run('ip', ['address', 'replace', `${bridge.address}/24`, 'dev', bridge.name]);
  // A bridge without an address of its own takes the lowest of its pods', and those that know the old one send into the void.
  await run('ip', ['link', 'set', bridge.name, 'address', linkAddressOf(bridge.address), 'up']);
}

/** A link-layer address of our own making for an IPv4 address, as container networks write it. Pure. */
export function linkAddressOf(address: string): string {
  const octets = address.split('.').map((octet) => Number(octet).toString(16).padStart(2, '0'));
  return ['0a', '58', ...octets].join(':');
}

/** Removes the bridge. A missing one is no error. */
export async function removeBridge({ bridge }: Profile): Promise<void> {
  if (await succeeds('ip', ['link', 'show', bridge.name])) await run('ip', ['link', 'delete', bridge.name]);
}

/** True for the bridge of a stack of which no process is left, as after SIGKILL, or when its checkout was deleted. */
async function isLost(bridge: string): Promise<boolean> {
  if (!bridge.startsWith(BRIDGE_PREFIX)) return false;
  const stateFolder = (await readFile(`/sys/class/net/${bridge}/ifalias`, 'utf8')).trimEnd();
  return stateFolder !== '' && (await markedProcesses({ stateFolder })).length === 0;
}

async function requireFreeSubnet(wantedBy: string, address: string): Promise<void> {
  const { stdout } = await run('ip', ['-json', 'address']);
  const links = JSON.parse(stdout) as { ifname: string; addr_info?: { local: string }[] }[];
  const holder = links.find((link) => (link.addr_info ?? []).some((info) => info.local === address));
  if (holder !== undefined && holder.ifname !== wantedBy) {
    if (await isLost(holder.ifname)) return void (await run('ip', ['link', 'delete', holder.ifname]));
    throw new Error(
      `Address ${address} is held by the interface ${holder.ifname}: stop the stack of the other checkout with ` +
        `\`make down\`, or remove it with \`ip link delete ${holder.ifname}\`.`,
    );
  }
}
