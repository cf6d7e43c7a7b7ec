import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aName, call, shellJob, submit, until, untilEnded } from '../support/job-client.ts';
import { kubectl, podOf } from '../support/operator.ts';
import { makeSilentNode } from '../support/silent-node.ts';
import { variants } from '../support/variants.ts';
import { assertWorldAfter } from '../support/world.ts';

variants('claims', 'one-pod');

/** The cluster need not wait for the node to come back. */
const AT_ONCE = [
  { key: 'node.kubernetes.io/unreachable', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 0 },
] as const;

test('a job whose node is lost has failed, and has ended only when the cluster lets go of its pod', async (context) => {
  const node = await makeSilentNode(context);
  const parameters = shellJob('sleep 600', {
    node_selector: node.selector,
    storage: node.storage,
    tolerations: [node.toleration, ...AT_ONCE],
    outputs_on: 'always',
    retry: { max_attempts: 1 },
  });
  const { body } = await submit(aName('lost'), parameters);
  const { id, name } = await until(body.data.id, async (job) => job.phase === 'starting' && (await podOf(job)) !== '');
  const pod = await podOf({ name });
  await node.reportRunning(pod);
  await until(id, ({ phase }) => phase === 'running');

  // The cluster gives a node up that has said nothing for 50 seconds.
  const lost = await until(id, ({ failure, explain }) => failure !== undefined && explain !== undefined);
  assert.deepEqual([lost.status, lost.phase, lost.failure?.reason], ['running', 'deleting', 'NodeLost']);
  assert.match(lost.explain ?? '', new RegExp(`still there: .*Pod ${pod}`));
  const { status } = await call('DELETE', `/batch/${id}`, { headers: { prefer: 'wait=0' } });
  assert.equal(status, 202, 'unknown is not gone');

  await kubectl('delete', 'pod', pod, '--force', '--grace-period=0', '--wait=false');
  const job = await untilEnded(id);
  assert.deepEqual(
    [job.status, job.failure?.reason, job.failure?.retryable, job.exit_code],
    ['failed', 'NodeLost', true, undefined],
  );
  await assertWorldAfter(job);
});
