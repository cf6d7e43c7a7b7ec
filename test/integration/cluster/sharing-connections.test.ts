import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { createCluster } from '../../../cluster/client.ts';
import { loadKubeConfig } from '../../../cluster/connect.ts';
import { required } from '../../support/environment.ts';

const REQUESTS = 40;

/** Files and sockets that this process has open; a connection that waits for the next request among them. */
function openDescriptors(): number {
  return readdirSync('/proc/self/fd').length;
}

test('requests that follow one another share a connection', async () => {
  const namespace = required('KUBERNETES_NAMESPACE');
  const kubeConfig = loadKubeConfig({ namespace, kubeconfigPath: required('KUBECONFIG') });
  const cluster = createCluster(kubeConfig, namespace);
  const before = openDescriptors();
  for (let count = 0; count < REQUESTS; count += 1) await cluster.findPod('none');
  assert.ok(openDescriptors() - before <= 2, `${openDescriptors() - before} connections for ${REQUESTS} requests`);
});
