import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import type { V1Job } from '@kubernetes/client-node';
import { ClusterRefusedError, isPermanent, NotOursError } from '../../../cluster/errors.ts';
import { claimManifest, taskJobManifest } from '../../../cluster/manifests.ts';
import { outputClaimOf } from '../../../cluster/names.ts';
import { createOpenStream, METADATA_ALONE } from '../../../cluster/stream.ts';
import { testCluster } from '../../support/cluster.ts';
import { shellJob } from '../../support/job-client.ts';
import { aRequest, podSettings } from '../../support/objects.ts';

// It never starts: these tests are about the objects alone.
const PARAMETERS = shellJob('true', { resources: { requests: { cpu: '1000' } } });

test('a step that is repeated meets what it made before', async (context) => {
  const { cluster, ref } = testCluster(context);
  const manifest = taskJobManifest(aRequest({ ...ref, parameters: PARAMETERS }), podSettings());
  const first = await cluster.createJob(ref, manifest);
  const second = await cluster.createJob(ref, manifest);
  assert.equal(second.metadata?.uid, first.metadata?.uid);
});

test('an object of the same name that belongs to another job is not taken over', async (context) => {
  const { cluster, ref } = testCluster(context);
  const claimName = outputClaimOf(ref);
  await cluster.createClaim(ref, claimManifest(ref, claimName, { size: '1Gi' }));
  const other = { id: randomUUID(), name: ref.name };
  await assert.rejects(cluster.createClaim(other, claimManifest(other, claimName, { size: '1Gi' })), NotOursError);
});

test('a Job that Kubernetes refuses is refused for good, with its whole answer', async (context) => {
  const { cluster, ref } = testCluster(context);
  const parameters = { docker_image: 'x', environment_variables: { 'a=b': '' } };
  const manifest = taskJobManifest(aRequest({ ...ref, parameters }), podSettings());
  await assert.rejects(cluster.createJob(ref, manifest), (error: unknown) => {
    assert.ok(error instanceof ClusterRefusedError);
    assert.deepEqual([error.code, error.status.kind, error.status.reason], [422, 'Status', 'Invalid']);
    return isPermanent(error);
  });
});

test('what jobs own is listed with whose it is, of which kind and how old', async (context) => {
  const { cluster, ref } = testCluster(context);
  await cluster.createJob(ref, taskJobManifest(aRequest({ ...ref, parameters: PARAMETERS }), podSettings()));
  const owned = (await cluster.listOwned()).filter(({ jobId }) => jobId === ref.id);
  assert.deepEqual(
    owned.filter(({ kind }) => kind === 'Job').map(({ name, jobName }) => [name, jobName]),
    [[ref.name, ref.name]],
  );
  for (const { createdMs } of owned) assert.ok(Math.abs(Date.now() - createdMs) < 60_000, String(createdMs));
});

test('of a list of what jobs own no more is sent than metadata', async (context) => {
  const { cluster, ref, kubeConfig, namespace } = testCluster(context);
  await cluster.createJob(ref, taskJobManifest(aRequest({ ...ref, parameters: PARAMETERS }), podSettings()));
  const stream = await createOpenStream(kubeConfig, METADATA_ALONE)(`/apis/batch/v1/namespaces/${namespace}/jobs`, {});
  const { items } = JSON.parse(await text(stream)) as { items: V1Job[] };
  assert.deepEqual([items.length > 0, items.filter(({ spec, status }) => spec ?? status)], [true, []]);
});

test('an object that was replaced by another of its name is not deleted', async (context) => {
  const { cluster, ref } = testCluster(context);
  const job = await cluster.createJob(
    ref,
    taskJobManifest(aRequest({ ...ref, parameters: PARAMETERS }), podSettings()),
  );
  await cluster.deleteObject({ kind: 'Job', name: ref.name, uid: randomUUID() });
  const found = await cluster.findJob(ref.name);
  assert.equal(found?.metadata?.uid, job.metadata?.uid);
  assert.equal(found?.metadata?.deletionTimestamp, undefined);
});

test('an object that is gone already is as good as deleted, and one without a name is refused', async (context) => {
  const { cluster, ref } = testCluster(context);
  await cluster.deleteObject({ kind: 'Job', name: ref.name, uid: randomUUID() });
  assert.equal(await cluster.findJob(ref.name), undefined);
  await assert.rejects(cluster.deleteObject({ kind: 'Job', name: '', uid: randomUUID() }), /refusing/);
});
