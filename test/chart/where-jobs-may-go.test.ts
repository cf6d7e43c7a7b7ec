import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { V1NetworkPolicyPeer } from '@kubernetes/client-node';
import { LEAST } from '../support/chart-values.ts';
import { render } from '../support/helm.ts';
import type { Values } from '../support/helm.ts';
import { egressPeers, reaches } from '../support/network-policies.ts';

async function peersWith(networkPolicy: Values): Promise<readonly V1NetworkPolicyPeer[]> {
  return egressPeers(await render({ ...LEAST, jobs: { networkPolicy } }), 'kubernetes-task-runner-jobs');
}

function reachedOf(peers: readonly V1NetworkPolicyPeer[], ...addresses: string[]): readonly string[] {
  return addresses.filter((address) => reaches(peers, address));
}

test('without further values private ranges are closed and public ones are open', async () => {
  const peers = await peersWith({});
  const reached = reachedOf(peers, '10.1.2.3', '172.20.1.1', '192.168.1.1', '100.64.1.1', 'fd00:ec2::254', '8.8.8.8');
  assert.deepEqual(reached, ['8.8.8.8']);
});

test('an open range is reached, and its neighbours stay closed', async () => {
  const peers = await peersWith({ openRanges: ['10.20.30.40/32', 'fd00:1234::40/128'] });
  const wanted = ['10.20.30.40', 'fd00:1234::40', '8.8.8.8', '2001:4860:4860::8888'];
  assert.deepEqual(reachedOf(peers, ...wanted, '10.20.30.41', 'fd00:1234::41', '169.254.169.254'), wanted);
});

test('closed ranges are closed beside the private ones, IPv4 and IPv6', async () => {
  const peers = await peersWith({ closedRanges: ['34.118.224.0/20', '2600:1f13::/36'] });
  const reached = reachedOf(
    peers,
    '34.118.224.1',
    '2600:1f13::1',
    '10.1.2.3',
    'fd00::1',
    '34.118.240.1',
    '2600:1f14::1',
  );
  assert.deepEqual(reached, ['34.118.240.1', '2600:1f14::1']);
});

test('a storage in the cluster is reached by the labels of its pods', async () => {
  const storage = { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'storage' } } };
  const [before, after] = [await peersWith({}), await peersWith({ openPeers: [storage] })];
  assert.deepEqual(after.slice(0, -1), before);
  assert.deepEqual(after.at(-1), storage);
});
