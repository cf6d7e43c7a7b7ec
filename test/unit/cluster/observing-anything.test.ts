import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { V1Job, V1Pod } from '@kubernetes/client-node';
import fc from 'fast-check';
import { observe, showsItsEnd } from '../../../cluster/outcome.ts';
import { isEnd } from '../../../workflows/observation.ts';
import { anyJob, anyNovelCondition, anyPod } from '../../support/any-objects.ts';
import { runs } from '../../support/properties.ts';

const anyPods = fc.array(anyPod, { maxLength: 3, size: 'max' });

const isOf = ({ metadata }: V1Job, pod: V1Pod) =>
  pod.metadata?.ownerReferences?.some(({ uid }) => uid === metadata?.uid) === true;

/** What the cluster says in so many words: the task ended with 0, or the Job is complete. */
function isSaidToSucceed(job: V1Job, pods: readonly V1Pod[]): boolean {
  const isComplete = job.status?.conditions?.some(({ type, status }) => type === 'Complete' && status === 'True');
  const hasEnded = ({ status }: V1Pod) =>
    status?.containerStatuses?.some(({ name, state }) => name === 'task' && state?.terminated?.exitCode === 0);
  return isComplete === true || pods.some((pod) => isOf(job, pod) && hasEnded(pod) === true);
}

test('whatever the cluster shows, a success is one that it says, and a failure has its cause', () => {
  fc.assert(
    fc.property(anyJob, anyPods, (job, pods) => {
      const { stage, failure, exitCode } = observe('task', job, pods);
      if (stage === 'succeeded') assert.ok(isSaidToSucceed(job, pods));
      assert.equal(failure !== undefined, stage === 'failed');
      if (exitCode !== undefined) assert.ok(isEnd(stage));
      // What could not be started has no exit code of its own, whatever the runtime writes there.
      if (failure?.reason === 'UserError')
        assert.ok(failure.exitCode !== 0 || /could not be started/.test(failure.message));
    }),
    runs(2000),
  );
});

test('a Job that the cluster calls failed has not succeeded, unless its task ended with 0', () => {
  fc.assert(
    fc.property(anyJob, anyPods, (job, pods) => {
      const others = job.status?.conditions?.filter(({ type }) => type !== 'Failed') ?? [];
      const failed = { ...job, status: { conditions: [...others, { type: 'Failed', status: 'True' }] } };
      const { stage, exitCode } = observe('task', failed, pods);
      assert.ok(stage === 'failed' || exitCode === 0, stage);
    }),
    runs(500),
  );
});

/** The same in another order, with what nobody knows among it. */
function disturbed<T>(list: readonly T[] | undefined, novel: readonly T[], order: number): T[] {
  const all = [...(list ?? []), ...novel];
  return all.map((_, index) => all[(index + order) % all.length] as T).toReversed();
}

test('the order of conditions, and conditions that nobody knows, change nothing', () => {
  const disturbance = fc.record({ novel: fc.array(anyNovelCondition, { maxLength: 3 }), order: fc.nat({ max: 6 }) });
  fc.assert(
    fc.property(anyJob, anyPods, disturbance, (job, pods, { novel, order }) => {
      const other = { ...job, status: { ...job.status, conditions: disturbed(job.status?.conditions, novel, order) } };
      const others = pods.map((pod) => ({
        ...pod,
        status: { ...pod.status, conditions: disturbed(pod.status?.conditions, novel, order) },
      }));
      assert.deepEqual(observe('task', other, others), observe('task', job, pods));
    }),
    runs(1000),
  );
});

test('containers that are not ours, and have not failed, change nothing about an end', () => {
  const sidecar = { name: 'sidecar', state: { running: {} }, image: '', imageID: '', ready: true, restartCount: 0 };
  fc.assert(
    fc.property(anyJob, anyPod, fc.boolean(), (job, pod, isFirst) => {
      const statuses = pod.status?.containerStatuses?.filter(({ name }) => name === 'task') ?? [];
      const withStatuses = (containerStatuses: typeof statuses) => ({
        ...pod,
        status: { ...pod.status, containerStatuses },
      });
      const alone = observe('task', job, [withStatuses(statuses)]);
      const together = withStatuses(isFirst ? [sidecar, ...statuses] : [...statuses, sidecar]);
      assert.deepEqual(observe('task', job, [together]), alone);
    }),
    runs(500),
  );
});

test('where an end is shown, it is the same whatever the Job says of it', () => {
  fc.assert(
    fc.property(anyJob, anyPods, (job, pods) => {
      const isOver = job.status?.conditions?.some(
        ({ type, status }) => ['Failed', 'Complete'].includes(type) && status === 'True',
      );
      if (!isOver || !showsItsEnd('task', job, pods)) return;
      const unsaid = { ...job, status: { ...job.status, conditions: [] } };
      assert.deepEqual(observe('task', unsaid, pods), observe('task', job, pods));
    }),
    runs(1000),
  );
});
