import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isEnd } from '../../../workflows/contract.ts';
import type { Observation, ObservedStage } from '../../../workflows/contract.ts';
import { changed, initialJob, isNews, withTask } from '../../../workflows/state.ts';
import { anObservation, aRequest } from '../../support/objects.ts';

const stages: ObservedStage[] = ['pending', 'downloading', 'downloaded', 'running', 'succeeded', 'failed', 'missing'];
const anyObservation = fc.constantFrom(...stages).map((stage) => anObservation({ stage }));

test('a new job is created, at revision 0, and has not started', () => {
  const job = initialJob(aRequest());
  assert.deepEqual([job.status, job.phase, job.revision, job.startTime], ['created', 'preparing', 0, undefined]);
});

test('the revision grows with a real change and only then', () => {
  const job = initialJob(aRequest());
  assert.equal(changed(job, { status: 'running' }).revision, 1);
  assert.equal(changed(job, { status: 'created' }), job);
});

test('a running container makes the job running, from the time at which the Kubernetes Job started', () => {
  const job = withTask(initialJob(aRequest()), anObservation({ stage: 'running', startTime: 1_527_121_793_000 }));
  assert.deepEqual([job.status, job.phase, job.startTime], ['running', 'running', 1_527_121_793_000]);
});

test('a start that Kubernetes rounds down is never before the creation', () => {
  const request = aRequest();
  const job = withTask(initialJob(request), anObservation({ stage: 'running', startTime: request.created - 553 }));
  assert.equal(job.startTime, request.created);
});

test('a job that is being cleaned is not made running again by a late look', () => {
  const cleaning = changed(initialJob(aRequest()), { status: 'cleaning' });
  assert.equal(withTask(cleaning, anObservation({ stage: 'running' })), cleaning);
});

test('a look that comes while a job is taken down, or its output is kept, changes neither its status nor its phase', () => {
  for (const status of ['created', 'running'] as const) {
    for (const phase of ['uploading', 'deleting'] as const) {
      const job = changed(initialJob(aRequest()), { status, phase });
      for (const stage of stages) {
        const after = withTask(job, anObservation({ stage, exitCode: 143 }));
        assert.deepEqual([after.status, after.phase, after.exitCode], [status, phase, 143], stage);
      }
    }
  }
});

test('whatever order looks come in, what is known never goes back and an end stays', () => {
  fc.assert(
    fc.property(fc.array(anyObservation), (observations) => {
      let known: Observation | undefined;
      for (const next of observations) {
        const before = known;
        if (isNews(known, next)) known = next;
        if (before && isEnd(before.stage)) assert.equal(known, before);
      }
      const firstEnd = observations.find(({ stage }) => isEnd(stage));
      if (firstEnd) assert.equal(known?.stage, firstEnd.stage);
    }),
  );
});

test('a look at another Kubernetes Job of the same name is no news', () => {
  assert.equal(isNews(anObservation(), anObservation({ jobUid: 'another', stage: 'succeeded' })), false);
});
