import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { V1Job, V1PersistentVolumeClaim } from '@kubernetes/client-node';
import type { PresentedJob } from '../../api/present.ts';
import { outputClaimOf } from '../../cluster/names.ts';
import type { JobParameters } from '../../workflows/parameters.ts';
import { gated, openGate, runUntilRunning } from '../support/gated-job.ts';
import { aName, call, shellJob, untilEnded } from '../support/job-client.ts';
import { kubectl } from '../support/operator.ts';
import { assertWorldAfter } from '../support/world.ts';

test('what a job asks for stands in its document and on the cluster, and the job runs with it', async (context) => {
  const priority_class = aName('priority');
  await kubectl('create', 'priorityclass', priority_class, '--value=1');
  context.after(() => kubectl('delete', 'priorityclass', priority_class));
  const team = aName('team');
  const [node = ''] = (await kubectl('get', 'nodes', '--selector', '!example.com/silent', '--output', 'name'))
    .trim()
    .split('\n');
  const asked: Partial<JobParameters> = {
    timeout_seconds: 100,
    start_timeout_seconds: 200,
    outputs_on: 'always',
    storage: { size: '2Gi', class: 'local' },
    node_selector: { 'kubernetes.io/hostname': node.replace('node/', '') },
    tolerations: [{ key: 'example.com/gpu', operator: 'Exists', effect: 'NoSchedule' }],
    labels: { 'example.com/team': team },
    priority_class,
    image_pull_policy: 'IfNotPresent',
    resources: { limits: { memory: '64Mi', 'ephemeral-storage': '32Mi' } },
  };
  const { id, name, ...running } = await runUntilRunning(aName('asks'), shellJob(gated(), asked));
  assert.deepEqual(running.job_parameters, shellJob(gated(), asked));
  assert.deepEqual(running.labels, asked.labels);

  const job = JSON.parse(await kubectl('get', 'job', name, '--output', 'json')) as V1Job;
  const pod = job.spec?.template.spec;
  assert.equal(job.metadata?.labels?.['example.com.labels.kubernetes-task-runner/team'], team);
  assert.deepEqual([pod?.nodeSelector, pod?.priorityClassName], [asked.node_selector, priority_class]);
  assert.deepEqual(pod?.tolerations?.[0], asked.tolerations?.[0]);
  assert.deepEqual(pod?.containers[0]?.resources?.limits, asked.resources?.limits);
  assert.equal(job.spec?.activeDeadlineSeconds, 100 + 200 + 3600);
  const claim = JSON.parse(
    await kubectl('get', 'pvc', outputClaimOf({ name }), '--output', 'json'),
  ) as V1PersistentVolumeClaim;
  assert.deepEqual([claim.spec?.resources?.requests, claim.spec?.storageClassName], [{ storage: '2Gi' }, 'local']);

  await openGate({ name });
  const ended = await untilEnded(id);
  assert.equal(ended.status, 'succeeded', JSON.stringify(ended));
  const listed = await call<PresentedJob[]>('GET', `/batch/?status=all&label=example.com/team=${team}`);
  assert.deepEqual(
    listed.body.data.map((found) => found.id),
    [id],
  );
  await assertWorldAfter(ended);
});
