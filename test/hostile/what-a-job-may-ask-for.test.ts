import assert from 'node:assert/strict';
import { test } from 'node:test';
import { required } from '../support/environment.ts';
import { startHostileService } from '../support/hostile-service.ts';
import { kubectl } from '../support/operator.ts';

/** What a job must not get from a service whose operator has allowed nothing, by what it would do. */
const DEMANDS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  'go before the pods of the system': { priority_class: 'system-node-critical' },
  'go before the jobs of others': { priority_class: 'high' },
  'run on every node, whatever is kept off it': { tolerations: [{ operator: 'Exists' }] },
  'run beside the control plane': {
    node_selector: { 'node-role.kubernetes.io/control-plane': '' },
    tolerations: [{ key: 'node-role.kubernetes.io/control-plane', operator: 'Exists' }],
  },
  'run on a node of its choice': { node_selector: { 'kubernetes.io/hostname': 'node' } },
  'take the quota of others': { queue: 'team-of-another' },
  'take the storage of others': { storage: { class: 'fast' } },
  'wait for ten years': { start_timeout_seconds: 315_360_000 },
  'hold its node for ten years': { grace_seconds: 315_360_000 },
  'read a Secret of the namespace': { environment_variables: { KEY: { secret: 'gcs-api-key/key.json' } } },
  'pass for an object of the service': { labels: { 'kubernetes-task-runner/id': 'x' } },
};

test('a key gets no nodes, classes, queues, Secrets or labels that the operator has not allowed', async (context) => {
  const { url, mallory } = await startHostileService(context);
  const headers = { ...mallory.headers, 'content-type': 'application/json' };
  for (const [what, demand] of Object.entries(DEMANDS))
    await context.test(`to ${what}`, async () => {
      const job_parameters = { docker_image: required('IMAGE_BUSYBOX'), command: ['true'], ...demand };
      const answer = await fetch(`${url}/batch/`, {
        method: 'POST',
        headers,
        body: JSON.stringify({ job_parameters }),
      });
      const text = await answer.text();
      assert.equal(answer.status, 400, text);
      for (const field of Object.keys(demand)) assert.match(text, new RegExp(field));
    });
  assert.equal(await kubectl('get', 'jobs,pods,persistentvolumeclaims', '--output', 'name'), '');
});
