import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createJudge, isOwnedBy } from '../../../activities/orphans.ts';
import type { OpenJob, Thing, ThingKind } from '../../../activities/orphans.ts';
import { attemptObjectOf, spoolObjectOf } from '../../../bucket/objects.ts';
import { workflowIdOf } from '../../../workflows/names.ts';

const GRACE_MS = 3_600_000;
const NOW_MS = 1_800_000_000_000;
const OURS = 'ours';
const KINDS: readonly ThingKind[] = ['Job', 'Pod', 'PersistentVolumeClaim', 'SpooledInput', 'UnpublishedOutput'];

interface JobOfThings {
  readonly id: string;
  readonly name: string;
}

/** Few ids and names, so that jobs share some. */
const job: fc.Arbitrary<JobOfThings> = fc.record({
  id: fc.constantFrom('id-1', 'id-2', 'id-3'),
  name: fc.constantFrom('a', 'b', 'c'),
});
const kind = fc.constantFrom(...KINDS);
const oldMs = fc.integer({ min: GRACE_MS, max: NOW_MS });
const youngMs = fc.integer({ min: -GRACE_MS, max: GRACE_MS - 1 });

function aThing(kind: ThingKind, { id, name }: JobOfThings, ageMs: number, deletedMs?: number): Thing {
  const more = { instance: OURS, createdMs: NOW_MS - ageMs, ...(deletedMs !== undefined && { deletedMs }) };
  if (kind === 'SpooledInput') return { kind, name: spoolObjectOf(id), jobId: id, ...more };
  if (kind === 'UnpublishedOutput') return { kind, name: attemptObjectOf({ id, name }), jobName: name, ...more };
  return { kind, name: `job-${name}`, jobId: id, jobName: name, ...more };
}

/** The same, made by another deployment, or by one that does not say which it is. */
function foreign({ instance: _ours, ...thing }: Thing, instance: string | undefined): Thing {
  return { ...thing, ...(instance !== undefined && { instance }) };
}

function anOpenJob({ id, name }: JobOfThings): OpenJob {
  return { workflowId: workflowIdOf(name), jobId: id, inputObject: spoolObjectOf(id) };
}

function verdictOf(thing: Thing, open: readonly OpenJob[]): string {
  return createJudge(open, NOW_MS, { instance: OURS, graceMs: GRACE_MS })(thing);
}

/** Whatever else is open: no two workflows share an id, a name or an input. */
function others(jobs: readonly JobOfThings[], { id, name }: JobOfThings): OpenJob[] {
  return jobs.filter((other) => other.id !== id && other.name !== name).map(anOpenJob);
}

test('what is younger than the grace is kept, whoever is open', () => {
  fc.assert(
    fc.property(kind, job, youngMs, fc.array(job), (kind, of, ageMs, open) => {
      assert.equal(verdictOf(aThing(kind, of, ageMs), open.map(anOpenJob)), 'kept');
    }),
  );
});

test('what is of a job whose workflow is open is kept, however old, whatever else is open', () => {
  fc.assert(
    fc.property(kind, job, oldMs, fc.array(job), (kind, of, ageMs, open) => {
      assert.equal(verdictOf(aThing(kind, of, ageMs), [...others(open, of), anOpenJob(of)]), 'kept');
    }),
  );
});

test('what is old and of none of the jobs that are open is nobody’s', () => {
  fc.assert(
    fc.property(kind, job, oldMs, fc.array(job), (kind, of, ageMs, open) => {
      assert.equal(verdictOf(aThing(kind, of, ageMs), others(open, of)), 'orphaned');
    }),
  );
});

test('what is being deleted is never removed; after the grace it is stuck, whoever owns it', () => {
  fc.assert(
    fc.property(kind, job, oldMs, fc.integer({ min: 0, max: 2 * GRACE_MS }), fc.array(job), (...drawn) => {
      const [kind, of, ageMs, sinceMs, open] = drawn;
      const verdict = verdictOf(aThing(kind, of, ageMs, NOW_MS - sinceMs), open.map(anOpenJob));
      assert.equal(verdict, sinceMs >= GRACE_MS ? 'stuck' : 'kept');
    }),
  );
});

test('what another deployment has made, or nobody knows which, is never removed; after the grace it is foreign', () => {
  const theirs = fc.constantFrom(undefined, 'theirs', '');
  fc.assert(
    fc.property(kind, job, oldMs, theirs, fc.array(job), fc.boolean(), (kind, of, ageMs, instance, open, isDeleted) => {
      const thing = foreign(aThing(kind, of, ageMs, isDeleted ? NOW_MS - GRACE_MS : undefined), instance);
      assert.equal(verdictOf(thing, others(open, of)), 'foreign');
      assert.equal(verdictOf({ ...thing, createdMs: NOW_MS - GRACE_MS + 1, deletedMs: NOW_MS }, []), 'kept');
    }),
  );
});

test('what is of a job whose workflow is open is ours, though it does not say so', () => {
  fc.assert(
    fc.property(kind, job, oldMs, (kind, of, ageMs) => {
      const isOfUs = (deletedMs?: number) =>
        verdictOf(foreign(aThing(kind, of, ageMs, deletedMs), undefined), [anOpenJob(of)]);
      assert.deepEqual([isOfUs(), isOfUs(NOW_MS - GRACE_MS)], ['kept', 'stuck']);
    }),
  );
});

test('what does not say when it was made is kept', () => {
  for (const kind of KINDS) assert.equal(verdictOf(aThing(kind, { id: '1', name: 'a' }, NaN), []), 'kept');
});

test('an input that a workflow took under the id of another request is kept', () => {
  const open = { workflowId: workflowIdOf('a'), jobId: 'winner', inputObject: spoolObjectOf('loser') };
  assert.equal(verdictOf(aThing('SpooledInput', { id: 'loser', name: 'a' }, GRACE_MS), [open]), 'kept');
});

test('a workflow without a memo owns what has its name', () => {
  const open = { workflowId: workflowIdOf('a') };
  for (const kind of ['Job', 'Pod', 'PersistentVolumeClaim', 'UnpublishedOutput'] as const) {
    assert.equal(verdictOf(aThing(kind, { id: '1', name: 'a' }, GRACE_MS), [open]), 'kept', kind);
  }
});

test('a workflow of the same name, but of another job, does not own what the first has left on the cluster', () => {
  const open = anOpenJob({ id: 'second', name: 'a' });
  assert.equal(verdictOf(aThing('Job', { id: 'first', name: 'a' }, GRACE_MS), [open]), 'orphaned');
});

test('a job owns what has its id, its input, or its name, and nothing else', () => {
  const open = anOpenJob({ id: 'id-1', name: 'a' });
  const thing = { kind: 'Job', name: 'x', createdMs: 0 } as const;
  assert.equal(isOwnedBy({ ...thing, jobId: 'id-1' }, open), true);
  assert.equal(isOwnedBy({ ...thing, jobName: 'a' }, open), true);
  assert.equal(isOwnedBy({ ...thing, kind: 'SpooledInput', name: spoolObjectOf('id-1') }, open), true);
  assert.equal(isOwnedBy(thing, open), false);
  assert.equal(isOwnedBy({ ...thing, jobName: 'b' }, open), false);
  assert.equal(isOwnedBy({ ...thing, jobName: 'a', jobId: 'id-2' }, open), false);
  assert.equal(isOwnedBy({ ...thing, kind: 'SpooledInput', name: spoolObjectOf('id-2'), jobName: 'a' }, open), false);
});

test('that neither says an id makes a thing and a workflow no pair', () => {
  const thing = { kind: 'UnpublishedOutput', name: 'x', createdMs: 0, jobName: 'b' } as const;
  assert.equal(isOwnedBy(thing, { workflowId: workflowIdOf('a') }), false);
});
