import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApplicationFailure } from '@temporalio/common';
import type { Watches } from '../../../activities/deps.ts';
import { createPoll } from '../../../activities/poll.ts';
import type { Cluster } from '../../../cluster/client.ts';
import { anActivity } from '../../support/activity.ts';
import { aKubernetesJob, anObservation, aPod, aRequest, running } from '../../support/objects.ts';

const ref = aRequest();
const known = anObservation({ stage: 'running' });
/** The same with the pod that the cluster shows. */
const seen = { ...known, podUid: 'task-pod-uid' };
const watchesThat = (shows: Watches['shows'], areTold = true) => ({ shows, areTold: () => areTold });
const unchanged = watchesThat(() => seen);

/** A cluster in which the task runs, and how often it was asked for the Job. */
function aCluster() {
  const asked: string[] = [];
  const job = aKubernetesJob();
  const pod = aPod({ phase: 'Running', main: running });
  const cluster = {
    findJob: (name: string) => (asked.push(name), Promise.resolve(job)),
    listPods: () => Promise.resolve([pod]),
  } as unknown as Cluster;
  return { asked, cluster };
}

/** How long the look after so many that took so long together has to wait; undefined when the interval is kept. */
async function restAfter(
  looks: number,
  tookMs: number,
  poll = createPoll({ cluster: aCluster().cluster, watches: unchanged }),
) {
  const scheduledTimestampMs = 1_527_121_792_553;
  const times = { scheduledTimestampMs, currentAttemptScheduledTimestampMs: scheduledTimestampMs + tookMs };
  const failure: unknown = await anActivity({ attempt: looks, ...times })
    .run(() => poll(ref, 'task', seen))
    .catch((error: unknown) => error);
  assert.ok(failure instanceof ApplicationFailure);
  assert.deepEqual([failure.type, failure.category], ['Unchanged', 'BENIGN']);
  return failure.nextRetryDelay as number | undefined;
}

test('after the first look the interval is kept', async () => {
  assert.equal(await restAfter(1, 0), undefined);
});

test('each later look waits for thirty times as long as all before took together, an hour at most', async () => {
  const looks = [30_000, 930_000, 4_530_000].map((tookMs, at) => restAfter(at + 2, tookMs));
  assert.deepEqual(await Promise.all(looks), [900_000, 3_600_000, 3_600_000]);
});

test('an interval of more than an hour is kept', async () => {
  assert.deepEqual([await restAfter(2, 7_200_000), await restAfter(3, 14_400_000)], [undefined, undefined]);
});

test('what the watches show is news without a request', async () => {
  const { asked, cluster } = aCluster();
  const shown = anObservation({ stage: 'succeeded' });
  const questions: unknown[] = [];
  const watches = watchesThat((...question) => (questions.push(question), shown));
  assert.equal(await createPoll({ cluster, watches })(ref, 'task', known), shown);
  assert.deepEqual([questions, asked], [[[ref, 'task']], []]);
});

test('what the watches do not know is read from the cluster, and so it is where nobody watches', async () => {
  for (const watches of [watchesThat(() => undefined), undefined]) {
    const { asked, cluster } = aCluster();
    const { stage } = await createPoll({ cluster, ...(watches && { watches }) })(ref, 'task', anObservation());
    assert.deepEqual([stage, asked], ['running', [ref.name]]);
  }
});

for (const [when, shows, areTold] of [
  ['the cluster was asked', () => undefined, true],
  ['nobody tells the workflows of changes', () => seen, false],
] as const) {
  test(`nothing new is no reason to look more seldom when ${when}`, async () => {
    const poll = createPoll({ cluster: aCluster().cluster, watches: watchesThat(shows, areTold) });
    assert.equal(await restAfter(3, 930_000, poll), undefined);
  });
}
