import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jobPolicies } from '../../../deploy/compose/policies.ts';
import { readComposeFile, services, textOf } from '../../support/compose.ts';
import { egressPeers, reaches } from '../../support/network-policies.ts';

const { environment } = Object.fromEntries(services())['worker'] ?? {};
const namespace = String(environment?.['KUBERNETES_NAMESPACE']);
const endpoint = String(environment?.['GC_API_ENDPOINT']);
const policies = jobPolicies(textOf('deploy/kubernetes/network-policy.yaml'), namespace, endpoint);

test('jobs reach the emulator and public addresses, and nothing else of the network of Compose', () => {
  const network = readComposeFile().networks?.['default']?.ipam.config[0]?.subnet.replace(/0\/24$/, '') ?? '';
  const addresses = Array.from({ length: 254 }, (_, at) => `${network}${at + 1}`);
  const peers = egressPeers(policies, namespace);
  assert.deepEqual(
    [...addresses, '10.43.0.1', '192.168.1.1', '8.8.8.8'].filter((address) => reaches(peers, address)),
    [new URL(endpoint).hostname, '8.8.8.8'],
  );
});

test('of the emulator jobs reach one port', () => {
  const [rule] = policies.find(({ metadata }) => metadata?.name === 'reach-the-emulator')?.spec?.egress ?? [];
  assert.deepEqual(rule?.ports, [{ protocol: 'TCP', port: Number(new URL(endpoint).port) }]);
});

test('every policy is one of the namespace of the jobs', () => {
  assert.deepEqual([...new Set(policies.map(({ metadata }) => metadata?.namespace))], [namespace]);
});

test('the policies are applied before the API and the worker start, where jobs run', () => {
  const command = Object.fromEntries(services())['prepare']?.command ?? [];
  assert.ok(command.includes(`--namespace=${namespace}`));
  assert.ok(command.includes('--policies=deploy/kubernetes/network-policy.yaml'));
});
