import assert from 'node:assert/strict';
import { test } from 'node:test';
import { labelsOf, OURS_SELECTOR, roleOf, selectorOf } from '../../../cluster/names.ts';
import { CONTAINER_ROLES } from '../../../workflows/contract.ts';

const ref = { id: 'id-1', name: 'python-1' };

test('the input is fetched by the Job of the task', () => {
  assert.deepEqual(CONTAINER_ROLES.map(roleOf), ['task', 'task', 'cleanup']);
});

test('every object says whose it is, and a Job and its pod what they are for', () => {
  const labels = {
    'app.kubernetes.io/managed-by': 'kubernetes-task-runner',
    'kubernetes-task-runner/job-id': 'id-1',
    'kubernetes-task-runner/job-name': 'python-1',
  };
  assert.deepEqual(labelsOf(ref), labels);
  assert.deepEqual(labelsOf(ref, 'task'), { ...labels, 'kubernetes-task-runner/role': 'task' });
});

test('a selector chooses the objects that have these labels', () => {
  const ours = 'app.kubernetes.io/managed-by=kubernetes-task-runner';
  assert.equal(OURS_SELECTOR, ours);
  assert.equal(selectorOf(ref), `${ours},kubernetes-task-runner/job-id=id-1`);
  assert.equal(
    selectorOf(ref, 'cleanup'),
    `${ours},kubernetes-task-runner/job-id=id-1,kubernetes-task-runner/role=cleanup`,
  );
});
