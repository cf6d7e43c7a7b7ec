import assert from 'node:assert/strict';
import { test } from 'node:test';
import { untilNoneIsLeft } from '../../../activities/delete.ts';
import { StillThereError } from '../../../cluster/errors.ts';
import type { ObjectRef } from '../../../cluster/remains.ts';

const POD: ObjectRef = { kind: 'Pod', name: 'words-x', uid: 'pod-uid' };
const JOB: ObjectRef = { kind: 'Job', name: 'words', uid: 'job-uid' };

const patient = new AbortController().signal;
const impatient = AbortSignal.abort();

/** Tells each of `lists`, and then throws, or is over. */
async function* telling(lists: readonly (readonly ObjectRef[])[], error?: Error): AsyncGenerator<readonly ObjectRef[]> {
  yield* lists;
  await Promise.resolve();
  if (error) throw error;
}

/** What is asked for by the deletion, however it ends. */
async function askedIn(remains: AsyncIterable<readonly ObjectRef[]>, patience = patient) {
  const asked: (readonly ObjectRef[])[] = [];
  const note = (left: readonly ObjectRef[]) => Promise.resolve(void asked.push(left));
  const error: unknown = await untilNoneIsLeft(remains, note, patience).catch((thrown: unknown) => thrown);
  return { asked, error };
}

test('what is left is asked to go once, and waited for until nothing is', async () => {
  const { asked, error } = await askedIn(telling([[JOB, POD], [POD], []]));
  assert.deepEqual([asked, error], [[[JOB, POD]], undefined]);
});

test('where nothing is, nothing is asked', async () => {
  assert.deepEqual(await askedIn(telling([[]])), { asked: [], error: undefined });
});

test('what was left last is named when patience is over, or nobody tells any more', async () => {
  const late = await askedIn(telling([[JOB, POD], [POD]], new Error('aborted')), impatient);
  const over = await askedIn(telling([[JOB, POD], [POD]]));
  for (const { error } of [late, over]) {
    assert.ok(error instanceof StillThereError);
    assert.equal(error.message, 'still on the cluster: Pod words-x');
  }
});

test('an interruption is told as what it is, and so is a cluster that has said nothing in time', async () => {
  const error = new Error('the API server is away');
  assert.equal((await askedIn(telling([[JOB]], error))).error, error);
  assert.equal((await askedIn(telling([], error), impatient)).error, error);
});
