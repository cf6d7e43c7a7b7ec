import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cleanupJobManifest, taskJobManifest } from '../../../cluster/manifests.ts';
import { placementOf } from '../../../workflows/state.ts';
import { testCluster } from '../../support/cluster.ts';
import { shellJob } from '../../support/job-client.ts';
import { aRequest, podOf, podSettings } from '../../support/objects.ts';

test('the cluster keeps the sandbox and the user namespace of each pod', async (context) => {
  const { cluster, ref } = testCluster(context);
  const request = aRequest({ ...ref, parameters: shellJob('true') });
  // No node has this runtime, so that nothing starts.
  const settings = podSettings({ enforced: { runtimeClass: 'gvisor', hasUserNamespace: true } });
  const jobs = [
    await cluster.createJob(ref, taskJobManifest(request, settings)),
    await cluster.createJob(ref, cleanupJobManifest(ref, 'out', settings, placementOf(request))),
  ];
  for (const pod of jobs.map(podOf)) assert.deepEqual([pod.runtimeClassName, pod.hostUsers], ['gvisor', false]);
});
