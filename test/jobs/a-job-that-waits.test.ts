import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CoreV1Api } from '@kubernetes/client-node';
import type { PresentedJob } from '../../api/present.ts';
import { required } from '../support/environment.ts';
import { stackKubeConfig } from '../support/kube-config.ts';
import { aName, call, shellJob, submit, until } from '../support/job-client.ts';
import { kubectl } from '../support/operator.ts';
import { untilRefused } from '../support/refusal.ts';
import { assertWorldAfter } from '../support/world.ts';

/** Kills the job and looks whether the world is as before. */
async function kill({ id }: PresentedJob): Promise<void> {
  const { body } = await call('DELETE', `/batch/${id}`);
  assert.equal(body.data.status, 'killed');
  await assertWorldAfter(body.data);
}

test('a job that fits no node says so in the words of the scheduler', async () => {
  const resources = { requests: { cpu: '1000' } };
  const { body } = await submit(aName('wide'), shellJob('true', { resources }));
  const job = await until(body.data.id, ({ explain }) => explain?.includes('Insufficient cpu') === true);
  assert.deepEqual([job.status, job.phase], ['created', 'starting']);
  await kill(job);
});

/** What the API server says to a claim, which it does not make. */
async function claimOnTrial({ class: storageClassName, size }: { class: string; size: string }): Promise<void> {
  const namespace = required('KUBERNETES_NAMESPACE');
  const core = stackKubeConfig().makeApiClient(CoreV1Api);
  const resources = { requests: { storage: size } };
  const spec = { storageClassName, accessModes: ['ReadWriteOnce'], resources };
  const body = { metadata: { name: storageClassName }, spec };
  await core.createNamespacedPersistentVolumeClaim({ namespace, body, dryRun: 'All' });
}

test('a job whose claims are over the quota says so in the words of the cluster, until there is room', async (context) => {
  const storage = { class: aName('class'), size: '1Gi' };
  const quota = storage.class;
  const hard = `${storage.class}.storageclass.storage.k8s.io/persistentvolumeclaims=0`;
  await kubectl('create', 'quota', quota, `--hard=${hard}`);
  context.after(() => kubectl('delete', 'quota', quota, '--ignore-not-found'));
  await untilRefused(() => claimOnTrial(storage));
  const { body } = await submit(aName('quota'), shellJob('true', { storage }));
  const job = await until(body.data.id, ({ explain }) => explain?.includes('exceeded quota') === true);
  assert.deepEqual([job.status, job.phase], ['created', 'preparing']);
  assert.match(job.explain ?? '', /^volumes, try \d+: /);

  await kubectl('delete', 'quota', quota);
  await until(job.id, ({ phase }) => phase === 'starting');
  await kill(job);
});

test('a job whose image cannot be pulled yet says so in the words of the kubelet', async () => {
  const { body } = await submit(aName('pull'), { docker_image: 'registry.invalid/nobody/none:1' });
  const job = await until(body.data.id, ({ explain }) => /ErrImagePull|ImagePullBackOff/.test(explain ?? ''));
  assert.deepEqual([job.status, job.phase], ['created', 'starting']);
  assert.match(job.explain ?? '', /registry\.invalid\/nobody\/none:1/);
  await kill(job);
});
