import { BlockList, isIPv6 } from 'node:net';
import type { KubernetesObject, V1IPBlock, V1NetworkPolicy, V1NetworkPolicyPeer } from '@kubernetes/client-node';

/** Reads NetworkPolicies as a network plugin does. */

/** Peers to which the policies of a namespace let its pods go. */
export function egressPeers(objects: readonly KubernetesObject[], namespace: string): readonly V1NetworkPolicyPeer[] {
  const policies = objects.filter(
    ({ kind, metadata }) => kind === 'NetworkPolicy' && metadata?.namespace === namespace,
  );
  return policies.flatMap(({ spec }: V1NetworkPolicy) => (spec?.egress ?? []).flatMap(({ to = [] }) => to));
}

/** True when one of the peers is a block of addresses that holds `address`. */
export function reaches(peers: readonly V1NetworkPolicyPeer[], address: string): boolean {
  return peers.some(({ ipBlock }) => ipBlock !== undefined && holds(ipBlock, address));
}

function holds({ cidr, except = [] }: V1IPBlock, address: string): boolean {
  return isWithin([cidr], address) && !isWithin(except, address);
}

function isWithin(ranges: readonly string[], address: string): boolean {
  const family = familyOf(address);
  const list = new BlockList();
  // A list takes an IPv4 address for the IPv6 one that it is mapped to.
  for (const [start = '', bits] of ranges.map((range) => range.split('/')))
    if (familyOf(start) === family) list.addSubnet(start, Number(bits), family);
  return list.check(address, family);
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIPv6(address) ? 'ipv6' : 'ipv4';
}
