import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { createDelete } from '../../../activities/delete.ts';
import type { Cluster } from '../../../cluster/client.ts';
import { StillThereError } from '../../../cluster/errors.ts';
import type { ObjectRef } from '../../../cluster/remains.ts';
import { anActivity } from '../../support/activity.ts';
import { aRequest } from '../../support/objects.ts';

const POD: ObjectRef = { kind: 'Pod', name: 'words-x', uid: 'pod-uid' };
const ENDED_POD: ObjectRef = { kind: 'Pod', name: 'words-y', uid: 'ended-uid', lingers: true };
const JOB: ObjectRef = { kind: 'Job', name: 'words', uid: 'job-uid' };
const CLAIM: ObjectRef = { kind: 'PersistentVolumeClaim', name: 'words', uid: 'claim-uid' };

const patient = new AbortController().signal;
const impatient = AbortSignal.abort();

interface Attempt {
  readonly attempt?: number;
  readonly patience?: AbortSignal;
}

/** Tells each of `lists`, and then throws, or is over. */
async function* telling(lists: readonly (readonly ObjectRef[])[], error?: Error): AsyncGenerator<readonly ObjectRef[]> {
  yield* lists;
  await Promise.resolve();
  if (error) throw error;
}

/** What one attempt of the deletion asks for, how long it waits for that at most, and how it ends. */
async function askedIn(
  context: TestContext,
  remains: AsyncIterable<readonly ObjectRef[]>,
  { attempt = 2, patience = patient }: Attempt = {},
) {
  const asked: ObjectRef[] = [];
  const deleteObject = (object: ObjectRef) => Promise.resolve(void asked.push(object));
  const cluster = { followObjects: () => remains, deleteObject } as unknown as Cluster;
  const timeout = context.mock.method(AbortSignal, 'timeout', () => patience);
  const end = anActivity({ attempt }).run(createDelete({ cluster }), aRequest());
  const error: unknown = await end.catch((thrown: unknown) => thrown);
  const waitsMs = timeout.mock.calls[0]?.arguments[0];
  timeout.mock.restore();
  return { asked, error, waitsMs };
}

test('what is left is asked to go once, and waited for until nothing is', async (context) => {
  const { asked, error } = await askedIn(context, telling([[POD, JOB], [POD], []]));
  assert.deepEqual([asked, error], [[JOB, POD], undefined]);
});

test('where nothing is, nothing is asked', async (context) => {
  const { asked, error } = await askedIn(context, telling([[]]));
  assert.deepEqual([asked, error], [[], undefined]);
});

test('the first attempt leaves running pods to the cluster, and each later one deletes them', async (context) => {
  const asked = async (attempt: number) =>
    (await askedIn(context, telling([[JOB, POD, ENDED_POD, CLAIM], []]), { attempt })).asked;
  assert.deepEqual(await asked(1), [JOB, ENDED_POD, CLAIM]);
  for (const attempt of [2, 3]) assert.deepEqual(await asked(attempt), [JOB, POD, ENDED_POD, CLAIM]);
});

test('the first attempt waits for 15 seconds, and each later one for a minute', async (context) => {
  const waits = async (attempt: number) => (await askedIn(context, telling([[]]), { attempt })).waitsMs;
  assert.deepEqual([await waits(1), await waits(2), await waits(40)], [15_000, 60_000, 60_000]);
});

test('what was left last is named when patience is over, or nobody tells any more', async (context) => {
  const late = await askedIn(context, telling([[JOB, POD], [POD]], new Error('aborted')), { patience: impatient });
  const over = await askedIn(context, telling([[JOB, POD], [POD]]));
  for (const { error } of [late, over]) {
    assert.ok(error instanceof StillThereError);
    assert.equal(error.message, 'still on the cluster: Pod words-x');
  }
});

test('an interruption is told as what it is, and so is a cluster that has said nothing in time', async (context) => {
  const error = new Error('the API server is away');
  assert.equal((await askedIn(context, telling([[JOB]], error))).error, error);
  assert.equal((await askedIn(context, telling([], error), { patience: impatient })).error, error);
});
