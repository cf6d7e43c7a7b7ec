import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FAILURE_REASONS } from '../../../workflows/failure-reasons.ts';
import { failureOf, isNodeGone } from '../../../workflows/reasons.ts';
import { codeIn, tableRows } from '../../support/markdown.ts';

const DOCUMENTED = new Map(
  tableRows('docs/troubleshooting.md', '## By reason').map(([reason, retryable]) => [codeIn(reason), retryable]),
);

for (const reason of FAILURE_REASONS) {
  test(`${reason} is retryable as documented for users, and has a hint`, () => {
    const { retryable, hint = '' } = failureOf(reason, 'running', '');
    assert.equal(retryable ? 'yes' : 'no', DOCUMENTED.get(reason));
    assert.notEqual(hint, '');
  });
}

test('a failure tells its facts, and what to do about it', () => {
  const { hint, ...told } = failureOf('UserError', 'running', 'exited', { container: 'task', exitCode: 1 });
  assert.deepEqual(told, {
    reason: 'UserError',
    phase: 'running',
    message: 'exited',
    container: 'task',
    exitCode: 1,
    retryable: false,
  });
  assert.match(hint ?? '', /log/);
});

test('a node is gone when the cluster says so of the pod, and there when it is a container that it has lost', () => {
  assert.equal(isNodeGone(failureOf('NodeLost', 'running', 'no heartbeat')), true);
  assert.equal(isNodeGone(failureOf('NodeLost', 'running', 'lost', { container: 'task' })), false);
  assert.equal(isNodeGone(failureOf('Evicted', 'running', 'needed')), false);
});
