import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { V1PodSecurityContext } from '@kubernetes/client-node';
import { bareJobs, claimVolume, shellContainer } from '../../support/bare-jobs.ts';

const SCRIPT = 'echo mine > /output/file && stat -c "%u %g" /output/file';

async function write(jobs: ReturnType<typeof bareJobs>, securityContext: V1PodSecurityContext) {
  return await jobs.run({
    securityContext,
    volumes: [claimVolume('output', await jobs.claim())],
    containers: [shellContainer('task', SCRIPT, { output: '/output' })],
  });
}

test('user 1000 writes to a claim whose pod has a file system group', async (context) => {
  const jobs = bareJobs(context);
  const pod = await write(jobs, { runAsUser: 1000, runAsGroup: 1000, fsGroup: 2000 });
  assert.equal(pod.status?.phase, 'Succeeded');
  assert.equal(await jobs.log(pod, 'task'), '1000 2000\n');
});

test('without such a group it may not, as on a cluster in production', async (context) => {
  const pod = await write(bareJobs(context), { runAsUser: 1000, runAsGroup: 1000 });
  assert.equal(pod.status?.phase, 'Failed');
});
