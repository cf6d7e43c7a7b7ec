import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { WorkflowNotFoundError } from '@temporalio/client';
import { defaultDataConverter, defaultPayloadConverter } from '@temporalio/common';
import { historyFromJSON } from '@temporalio/common/lib/proto-utils.js';
import { forcedEndIn, jobIn, submissionIn, unlessForgotten } from '../../../activities/job-history.ts';
import { createKeptReader } from '../../../payload-codec.ts';
import type { Job, JobRequest } from '../../../workflows/contract.ts';
import { initialJob } from '../../../workflows/state.ts';
import { aJob } from '../../support/job-builder.ts';

const FOLDER = join(import.meta.dirname, '..', '..', 'histories');

const histories = readdirSync(FOLDER).map((file) => {
  const { events } = historyFromJSON(JSON.parse(readFileSync(join(FOLDER, file), 'utf8')));
  assert.ok(events);
  return { file, events };
});
type Events = (typeof histories)[number]['events'];

const reader = createKeptReader(defaultDataConverter);
const jobAfter = (events: Events) => jobIn({ events }, reader);

function resultOf(events: Events): Job {
  const [payload] = events.at(-1)?.workflowExecutionCompletedEventAttributes?.result?.payloads ?? [];
  assert.ok(payload);
  return defaultPayloadConverter.fromPayload(payload);
}

function requestOf(events: Events): JobRequest {
  const [payload] = events[0]?.workflowExecutionStartedEventAttributes?.input?.payloads ?? [];
  assert.ok(payload);
  return defaultPayloadConverter.fromPayload(payload);
}

for (const { file, events } of histories) {
  test(`of the whole of ${file} it is the job that the workflow returned`, async () => {
    assert.deepEqual(await jobAfter(events), resultOf(events));
  });

  test(`of the beginning of ${file} it is the job as it was created`, async () => {
    assert.deepEqual(await jobAfter(events.slice(0, 1)), initialJob(requestOf(events)));
  });

  test(`with each event of ${file} it is the same job or a later one`, async () => {
    const jobs = await Promise.all(events.map((_, at) => jobAfter(events.slice(0, at + 1))));
    const revisions = jobs.map(({ revision }) => revision);
    assert.deepEqual(
      revisions,
      revisions.toSorted((a, b) => a - b),
    );
    assert.ok(new Set(revisions).size > 2);
  });
}

test('a history that does not begin with a request tells of no job', async () => {
  const [first] = histories;
  for (const events of [
    [],
    first?.events.slice(1, 2) ?? [],
    [{ workflowExecutionStartedEventAttributes: { input: {} } }],
  ])
    await assert.rejects(jobIn({ events }, reader), /does not tell of a job/);
  await assert.rejects(jobIn({}, reader), /does not tell of a job/);
});

test('a workflow that has closed without a result says what was done to it', async () => {
  const last = (attributes: object) => forcedEndIn({ events: [{}, attributes] }, reader);
  const sentence = 'the workflow of the job';
  const reason = { reason: 'an accident' };
  assert.equal(
    await last({ workflowExecutionTerminatedEventAttributes: reason }),
    `${sentence} was terminated: an accident`,
  );
  assert.equal(
    await last({ workflowExecutionTerminatedEventAttributes: { reason: '' } }),
    `${sentence} was terminated`,
  );
  const failure = { message: 'no such request' };
  assert.equal(
    await last({ workflowExecutionFailedEventAttributes: { failure } }),
    `${sentence} failed: no such request`,
  );
  assert.equal(await last({ workflowExecutionTimedOutEventAttributes: {} }), `${sentence} timed out`);
  assert.equal(await last({ workflowExecutionCanceledEventAttributes: {} }), `${sentence} was ended by force`);
});

test('a key is known by its hashes, and stands for the job and its time', () => {
  const job = aJob();
  assert.deepEqual(submissionIn({ jobId: job.id, keyHash: 'k', requestHash: 'r' }, job), {
    keyHash: 'k',
    requestHash: 'r',
    jobId: job.id,
    created: job.created,
  });
});

test('a job that was sent without a key has none', () => {
  assert.equal(submissionIn({ jobId: '1' }, aJob()), undefined);
  assert.equal(submissionIn({}, aJob()), undefined);
  assert.equal(submissionIn({ keyHash: 'k' }, aJob()), undefined);
  assert.equal(submissionIn({ requestHash: 'r' }, aJob()), undefined);
});

/** Fails as a call that Temporal answered with this code. */
function answered(code: number): Promise<never> {
  const fields = { code, details: '', metadata: { get: () => [] } };
  return Promise.reject(Object.assign(new Error('the server answered'), fields, { name: 'ServiceError' }));
}

test('a workflow that Temporal does not know any more tells of nothing', async () => {
  const unknown = new WorkflowNotFoundError('not found', 'batch-job/a', undefined);
  assert.equal(await unlessForgotten(() => Promise.reject(unknown)), undefined);
  assert.equal(await unlessForgotten(() => answered(5)), undefined);
  assert.equal(await unlessForgotten(() => Promise.resolve(1)), 1);
});

test('that Temporal cannot be asked is not taken for an answer', async () => {
  await assert.rejects(
    unlessForgotten(() => answered(14)),
    /the server answered/,
  );
  const fault = Object.assign(new Error('no answer of a server'), { code: 5 });
  await assert.rejects(
    unlessForgotten(() => Promise.reject(fault)),
    fault,
  );
});
