import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { V1ContainerState } from '@kubernetes/client-node';
import { formatTransferReport } from '../../../transfer/report.ts';
import { aSyncedView } from '../../support/a-view.ts';
import { aKubernetesJob, aPod, aRequest, ended, running } from '../../support/objects.ts';

const ref = aRequest();
const POD = 'the-pod';
const report = formatTransferReport({ ok: true, object: 'o', sizeBytes: 1, crc32c: 'c', files: 1 }, 'fetched\n');
const endedSaying = (message: string, exitCode = 0): V1ContainerState => {
  const { terminated } = ended(exitCode);
  return terminated ? { terminated: { ...terminated, message } } : {};
};
/** What the view says of the containers `input` and `task` of a pod. */
const told = (init: V1ContainerState, main = running) => {
  const { view } = aSyncedView(aKubernetesJob(), [aPod({ name: POD, phase: 'Running', init, main })]);
  return (['input', 'task'] as const).map((container) => view.transferLogOf(ref, 'task', POD, container));
};

test('the log of a transfer is known when it has ended well and told it', () => {
  assert.deepEqual(told(endedSaying(report)), ['fetched\n', undefined]);
});

test('the log of a transfer that runs, failed or did not tell it is not known', () => {
  for (const init of [running, endedSaying(report, 1), endedSaying(''), endedSaying('{"ok":true}')])
    assert.deepEqual(told(init), [undefined, undefined]);
});

test('a task that imitates a transfer is not believed', () => {
  assert.deepEqual(told(endedSaying(report), endedSaying(report)), ['fetched\n', undefined]);
});

test('of another pod, another job and another attempt nothing is known', () => {
  const { view } = aSyncedView(aKubernetesJob(), [aPod({ name: POD, init: endedSaying(report) })]);
  assert.equal(view.transferLogOf(ref, 'task', POD, 'input'), 'fetched\n');
  assert.equal(view.transferLogOf(ref, 'task', 'another-pod', 'input'), undefined);
  assert.equal(view.transferLogOf({ ...ref, id: 'another' }, 'task', POD, 'input'), undefined);
  assert.equal(view.transferLogOf({ ...ref, attempt: 2 }, 'task', POD, 'input'), undefined);
  assert.equal(view.transferLogOf(ref, 'cleanup', POD, 'input'), undefined);
});
