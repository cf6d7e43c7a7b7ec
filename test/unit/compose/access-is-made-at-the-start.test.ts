import assert from 'node:assert/strict';
import { createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import { test } from 'node:test';
import { emulatorKey, reachableKubeconfig } from '../../../deploy/compose/access.ts';

test('the kubeconfig for the neighbours names the cluster as they reach it', () => {
  const written = 'clusters:\n- cluster:\n    server: https://127.0.0.1:6443\n  name: default\n';
  assert.equal(
    reachableKubeconfig(written, 'https://k3s:6443'),
    'clusters:\n- cluster:\n    server: https://k3s:6443\n  name: default\n',
  );
});

test('a kubeconfig of another form is refused, not passed on', () => {
  assert.throws(() => reachableKubeconfig('clusters: []\n', 'https://k3s:6443'), /does not name/);
});

test('the key of the emulator signs', () => {
  const { private_key, type } = JSON.parse(emulatorKey()) as { private_key: string; type: string };
  const key = createPrivateKey(private_key);
  const text = Buffer.from('to sign');
  assert.equal(type, 'service_account');
  assert.ok(verify('sha256', text, createPublicKey(key), sign('sha256', text, key)));
});

test('no two keys are the same', () => {
  assert.notEqual(emulatorKey(), emulatorKey());
});
