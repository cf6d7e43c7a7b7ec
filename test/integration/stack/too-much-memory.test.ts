import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bareJobs, shellContainer } from '../../support/bare-jobs.ts';

const resources = { limits: { memory: '16Mi' }, requests: { memory: '16Mi' } };

test('a container that needs more memory than its limit is killed, and says so', async (context) => {
  // `tail` keeps the last line of its input, which never ends here.
  const greedy = { ...shellContainer('task', 'exec tail -n 1 /dev/zero'), resources };
  const pod = await bareJobs(context).run({ containers: [greedy] });
  const ended = pod.status?.containerStatuses?.[0]?.state?.terminated;
  assert.equal(ended?.reason, 'OOMKilled');
  assert.equal(ended.exitCode, 137);
});
