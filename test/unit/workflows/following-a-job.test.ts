import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isEnd, refOf } from '../../../workflows/observation.ts';
import type { Observation, ObservedStage } from '../../../workflows/observation.ts';
import { failureOf } from '../../../workflows/reasons.ts';
import { changed, initialJob, isNews, withTask } from '../../../workflows/state.ts';
import { anObservation, aRequest } from '../../support/objects.ts';

const stages: ObservedStage[] = ['pending', 'downloading', 'downloaded', 'running', 'succeeded', 'failed', 'missing'];
const anyObservation = fc.constantFrom(...stages).map((stage) => anObservation({ stage }));

test('a new job is created, at revision 0, and has not started', () => {
  const job = initialJob(aRequest());
  assert.deepEqual([job.status, job.phase, job.revision, job.startTime], ['created', 'preparing', 0, undefined]);
});

test('a new job has the owner of its request, and none without one', () => {
  assert.equal(initialJob({ ...aRequest(), owner: 'alice' }).owner, 'alice');
  assert.ok(!('owner' in initialJob(aRequest())));
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

test('a new job tells what it was asked for, and whether it has an input', () => {
  const request = aRequest();
  const { id, name, created, parameters } = request;
  assert.deepEqual(initialJob(request), {
    ...{ id, name, created, parameters },
    workflowId: `batch-job/${name}`,
    status: 'created',
    phase: 'preparing',
    phaseTimes: { preparing: created },
    revision: 0,
    hasInput: false,
    killRequested: false,
  });
  const input = { object: 'spool/a.zip', sizeBytes: 1, crc32c: 'AAAAAA==' };
  assert.equal(initialJob(aRequest({ input })).hasInput, true);
  assert.deepEqual(refOf(request), { id, name });
});

test('a job is running from its download on, and starts once more when the input has come', () => {
  const starting = changed(initialJob(aRequest()), { phase: 'starting' });
  const told = stages.map((stage) => {
    const { status, phase } = withTask(starting, anObservation({ stage }));
    return [stage, status, phase];
  });
  assert.deepEqual(told, [
    ['pending', 'created', 'starting'],
    ['downloading', 'running', 'downloading'],
    ['downloaded', 'running', 'starting'],
    ['running', 'running', 'running'],
    ['succeeded', 'created', 'starting'],
    ['failed', 'created', 'starting'],
    ['missing', 'created', 'starting'],
  ]);
});

test('a container that ended before it was seen running makes the job running', () => {
  const starting = changed(initialJob(aRequest()), { phase: 'starting' });
  const ofTask = anObservation({ stage: 'failed', exitCode: 3 });
  const failure = failureOf('InputInvalid', 'downloading', 'no zip', { container: 'input', exitCode: 1 });
  const ofInput = anObservation({ stage: 'failed', failure });
  const neverRan = failureOf('ImageNotFound', 'starting', 'none');
  for (const ended of [ofTask, ofInput]) assert.equal(withTask(starting, ended).status, 'running');
  assert.equal(withTask(starting, anObservation({ stage: 'failed', failure: neverRan })).status, 'created');
});

test('a job starts once, and not while its pod is pending', () => {
  const startTime = 1_527_121_793_000;
  const job = initialJob(aRequest());
  assert.equal('startTime' in withTask(job, anObservation({ startTime })), false);
  assert.equal('startTime' in withTask(job, anObservation({ stage: 'running' })), false);
  const started = withTask(job, anObservation({ stage: 'downloading', startTime }));
  const later = withTask(started, anObservation({ stage: 'running', startTime: startTime + 1000 }));
  assert.deepEqual([started.startTime, later.startTime], [startTime, startTime]);
});

test('an exit code that is known is not forgotten by a look that does not tell it', () => {
  const job = changed(initialJob(aRequest()), { exitCode: 3 });
  assert.equal(withTask(job, anObservation({ stage: 'running' })).exitCode, 3);
});

test('a look that is behind is no news, one from the same place is', () => {
  const known = (stage: ObservedStage, next: ObservedStage) =>
    isNews(anObservation({ stage }), anObservation({ stage: next }));
  const order: ObservedStage[] = ['pending', 'downloading', 'downloaded', 'running', 'failed'];
  for (const [at, stage] of order.slice(0, -1).entries()) {
    const news = order.filter((next) => known(stage, next));
    assert.deepEqual(news, order.slice(at), stage);
  }
});

test('that there is no Kubernetes Job is news, whichever it was, until the end is known', () => {
  const missing: Observation = { role: 'task', stage: 'missing' };
  assert.equal(isNews(anObservation({ stage: 'running' }), missing), true);
  assert.equal(isNews(anObservation({ stage: 'succeeded' }), missing), false);
  assert.equal(isNews(undefined, missing), true);
});
