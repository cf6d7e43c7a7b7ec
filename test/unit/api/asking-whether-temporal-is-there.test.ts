import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Client } from '@temporalio/client';
import { createJobWorkflows } from '../../../api/workflows.ts';

/** A Temporal that is asked for its system's information alone. */
function clientThat(answers: () => Promise<object>): Client {
  const fake = {
    withDeadline: (_deadlineMs: number, call: () => Promise<unknown>) => call(),
    connection: { workflowService: { getSystemInfo: answers } },
    options: { namespace: 'default' },
  };
  return fake as unknown as Client;
}

describe('whether Temporal is there', () => {
  test('is asked once for all who want to know at the same time', async () => {
    let asked = 0;
    const workflows = createJobWorkflows(clientThat(() => Promise.resolve({ asked: (asked += 1) })));
    await Promise.all(Array.from({ length: 20 }, () => workflows.ping()));
    assert.equal(asked, 1);
  });

  test('is told to all of them when it is not, and asked again by the next', async () => {
    let asked = 0;
    const away = new Error('away');
    const workflows = createJobWorkflows(clientThat(() => ((asked += 1), Promise.reject(away))));
    const answers = await Promise.allSettled([1, 2, 3].map(() => workflows.ping()));
    assert.deepEqual(
      answers.map(({ status }) => status),
      ['rejected', 'rejected', 'rejected'],
    );
    assert.equal(asked, 1);
    await assert.rejects(workflows.ping(), away);
    assert.equal(asked, 2);
  });
});
