import assert from 'node:assert/strict';
import { test } from 'node:test';
import { run } from '../../../deploy/local/command.ts';
import { linkAddressOf } from '../../../deploy/local/network.ts';
import { inspectCluster } from '../../../deploy/local/own-nodes.ts';
import { bareJobs, shellContainer } from '../../support/bare-jobs.ts';
import { required } from '../../support/environment.ts';

const endpoint = new URL(required('GC_API_ENDPOINT'));
const progress = { say: () => undefined, step: <T>(_title: string, work: () => Promise<T>) => work() };
const own = { kubeconfig: required('KUBECONFIG'), namespace: 'default', busyboxImage: required('IMAGE_BUSYBOX') };

test('pods and this machine reach the bucket under one address', async (context) => {
  const jobs = bareJobs(context);
  const url = new URL('/_internal/healthcheck', endpoint);
  const pod = await jobs.run({ containers: [shellContainer('task', `wget -q -O - ${url} && echo reached`)] });
  assert.match(await jobs.log(pod, 'task'), /reached\n$/);
  assert.equal((await fetch(url)).status, 200);
});

test('the address of this machine on the wire stays the same while pods come and go', async () => {
  const { stdout } = await run('ip', ['-json', 'address']);
  const links = JSON.parse(stdout) as { address: string; addr_info: { local: string }[] }[];
  const bridge = links.find(({ addr_info }) => addr_info.some(({ local }) => local === endpoint.hostname));
  assert.equal(bridge?.address, linkAddressOf(endpoint.hostname));
});

test('beside a cluster of somebody, that address is found by the way to its nodes', async () => {
  assert.equal(await inspectCluster(own, progress), endpoint.hostname);
});

test('a cluster that does not answer is one sentence that names the ways out', async () => {
  const refused = inspectCluster({ ...own, kubeconfig: '/no/such/kubeconfig' }, progress);
  await assert.rejects(refused, {
    message: /^The cluster of \/no\/such\/kubeconfig .*KUBECONFIG.*GC_API_ENDPOINT.*\.$/,
  });
});
