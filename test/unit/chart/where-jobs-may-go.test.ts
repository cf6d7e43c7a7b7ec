import assert from 'node:assert/strict';
import { test } from 'node:test';
import { egressPeers, reaches } from '../../support/network-policies.ts';
import { readShipped } from '../../support/shipped-manifests.ts';

const peers = egressPeers(await readShipped(), 'kubernetes-task-runner-jobs');

/** What stands at addresses that are closed, with both ends of a range where that is private. */
const CLOSED: Readonly<Record<string, readonly string[]>> = {
  'private networks': ['10.0.0.1', '10.255.255.254', '172.16.0.1', '172.31.255.254', '192.168.0.1', '192.168.255.254'],
  'shared addresses, as those of pods of clouds': ['100.64.0.1', '100.127.255.254'],
  'metadata servers': ['169.254.169.254', '169.254.170.2', '100.100.100.200', '192.0.0.192'],
  'metadata servers by IPv6': ['fd00:ec2::254', 'fd20:ce::254', 'fe80::a9fe:a9fe'],
  'the host of an Azure virtual machine': ['168.63.129.16'],
  'reserved addresses': ['198.18.0.1', '224.0.0.1', '240.0.0.1', '255.255.255.255'],
  'private and link-local networks by IPv6': ['fc00::1', 'fdff:ffff::1', 'fe80::1', 'febf::1', 'fec0::1', 'ff02::1'],
  'private IPv4 behind a translation of the network': ['64:ff9b:1::a00:1'],
};

/** Addresses beside the closed ranges, and those of Google Cloud Storage. */
const OPEN = [
  ...['9.255.255.255', '11.0.0.1', '172.15.255.254', '172.32.0.1', '192.167.255.254', '192.169.0.1'],
  ...['100.63.255.254', '100.128.0.1', '169.253.255.254', '168.63.129.17', '142.250.74.123', '199.36.153.8'],
  ...['2607:f8b0:4005:80a::201b', '2600:2d00:2:2000::', '64:ff9b::8efa:4a7b'],
];

for (const [what, addresses] of Object.entries(CLOSED)) {
  test(`the shipped policies keep jobs from ${what}`, () => {
    assert.deepEqual(
      addresses.filter((address) => reaches(peers, address)),
      [],
    );
  });
}

test('the shipped policies let jobs reach public addresses, the bucket among them, IPv4 and IPv6', () => {
  assert.deepEqual(
    OPEN.filter((address) => !reaches(peers, address)),
    [],
  );
});
