import assert from 'node:assert/strict';
import type { Job } from '../../workflows/contract.ts';

/** The states of one attempt of a job, in their order; a phase alone stands for every status. */
const COURSE = [
  'created/preparing',
  'created/starting',
  'running/downloading',
  'running/starting',
  'running/running',
  'cleaning/uploading',
  'deleting',
  'ended',
];

/** Asserts that no state of a job is behind the one before it, and that each revision names one state. */
export function assertForward(states: readonly Job[]): void {
  for (const [at, after] of states.entries()) {
    const before = states[at - 1] ?? after;
    assert.ok(after.revision >= before.revision, `revision ${before.revision} → ${after.revision}`);
    if (after.revision === before.revision) assert.deepEqual(after, before);
    assert.ok(placeOf(after) >= placeOf(before), `${nameOf(before)} → ${nameOf(after)}`);
  }
}

function placeOf(job: Job): number {
  const place = COURSE.findIndex((state) => state === nameOf(job) || state === job.phase);
  assert.notEqual(place, -1, nameOf(job));
  return place;
}

function nameOf({ status, phase }: Job): string {
  return `${status}/${phase}`;
}
