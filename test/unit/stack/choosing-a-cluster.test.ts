import assert from 'node:assert/strict';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { clusterPaths } from '../../../deploy/local/cluster-files.ts';
import { ownClusterOf } from '../../../deploy/local/own-cluster-settings.ts';
import { localProfile } from '../../../deploy/local/profile.ts';
import { temporaryFolder } from '../../support/temporary-stack.ts';

const profile = localProfile('/checkout');

test('without KUBECONFIG the embedded cluster is used', () => {
  assert.equal(ownClusterOf({}, profile), undefined);
  assert.equal(ownClusterOf({ KUBECONFIG: '' }, profile), undefined);
});

test('the kubeconfig of the embedded cluster means the embedded cluster', async (context) => {
  const real = localProfile(await temporaryFolder(context));
  const { kubeconfig } = clusterPaths(real);
  assert.equal(ownClusterOf({ KUBECONFIG: kubeconfig }, real), undefined);
  await mkdir(real.stateFolder);
  await writeFile(kubeconfig, '');
  await symlink(kubeconfig, `${real.stateFolder}/link`);
  assert.equal(ownClusterOf({ KUBECONFIG: join(real.stateFolder, 'link') }, real), undefined);
});

test('another kubeconfig is a cluster of ones own, with defaults for the rest', () => {
  assert.deepEqual(ownClusterOf({ KUBECONFIG: '/home/me/.kube/config' }, profile), {
    kubeconfig: '/home/me/.kube/config',
    namespace: 'default',
    busyboxImage: 'busybox:1.37.0',
  });
});

test('its owner names the namespace, the images and a bucket that its pods reach', () => {
  const variables = {
    KUBECONFIG: '/home/me/.kube/config',
    KUBERNETES_NAMESPACE: 'jobs',
    IMAGE_BUSYBOX: 'mirror.example/busybox:1',
    TRANSFER_IMAGE: 'mirror.example/transfer:1',
    GC_API_ENDPOINT: 'http://gcs.example:4443',
    GC_BUCKET_NAME: 'files',
    GC_CREDENTIALS_FILE_PATH: '/home/me/key.json',
  };
  assert.deepEqual(ownClusterOf(variables, profile), {
    kubeconfig: '/home/me/.kube/config',
    namespace: 'jobs',
    busyboxImage: 'mirror.example/busybox:1',
    transferImage: 'mirror.example/transfer:1',
    bucket: { endpoint: 'http://gcs.example:4443', name: 'files', credentialsFile: '/home/me/key.json' },
  });
});

test('a list of kubeconfigs is refused, as nobody could say which is meant', () => {
  assert.throws(() => ownClusterOf({ KUBECONFIG: '/one:/two' }, profile), /several files/);
});
