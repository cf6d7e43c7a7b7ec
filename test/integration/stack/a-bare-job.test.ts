import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bareJobs, claimVolume, shellContainer } from '../../support/bare-jobs.ts';

test('a bare Job with an init container and two claims completes, and its logs can be read', async (context) => {
  const jobs = bareJobs(context);
  const [input, output] = await Promise.all([jobs.claim(), jobs.claim()]);
  const task = 'tr a-z A-Z < /input/text > /output/text && cat /output/text';
  const pod = await jobs.run({
    volumes: [claimVolume('input', input), claimVolume('output', output)],
    initContainers: [shellContainer('input', 'echo hello > /input/text; echo fetched', { input: '/input' })],
    containers: [shellContainer('task', task, { input: '/input', output: '/output' })],
  });
  assert.equal(pod.status?.phase, 'Succeeded');
  assert.equal(await jobs.log(pod, 'input'), 'fetched\n');
  assert.equal(await jobs.log(pod, 'task'), 'HELLO\n');
});

test('what one pod writes to a claim, the next one reads', async (context) => {
  const jobs = bareJobs(context);
  const volumes = [claimVolume('shared', await jobs.claim())];
  const mounts = { shared: '/shared' };
  await jobs.run({ volumes, containers: [shellContainer('writer', 'echo kept > /shared/file', mounts)] });
  const reader = await jobs.run({ volumes, containers: [shellContainer('reader', 'cat /shared/file', mounts)] });
  assert.equal(await jobs.log(reader, 'reader'), 'kept\n');
});

test('the exit code of a container is the one it ended with', async (context) => {
  const pod = await bareJobs(context).run({ containers: [shellContainer('task', 'exit 42')] });
  assert.equal(pod.status?.phase, 'Failed');
  assert.equal(pod.status?.containerStatuses?.[0]?.state?.terminated?.exitCode, 42);
});
