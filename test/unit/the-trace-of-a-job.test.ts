import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SpanStatusCode } from '@opentelemetry/api';
import { InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { createJobTracer } from '../../tracing.ts';
import { aJob, aSucceededJob } from '../support/job-builder.ts';

/** A tracer, and what it has told. */
function tracing() {
  const exporter = new InMemorySpanExporter();
  const tracer = createJobTracer('test', new SimpleSpanProcessor(exporter));
  return { tracer, spans: () => exporter.getFinishedSpans() };
}

const msOf = ([seconds, nanoseconds]: readonly [number, number]) => seconds * 1000 + nanoseconds / 1e6;

test('a job that has ended is one trace, whose id is its own, with a span for each phase', () => {
  const { tracer, spans } = tracing();
  const times = { created: 1_000, startTime: 3_000, stopTime: 9_000, releasedTime: 9_500 };
  const job = aSucceededJob({ ...times, phaseTimes: { preparing: 1_000, running: 3_000, deleting: 9_000 } });
  tracer.ended(job);
  const [whole, ...parts] = spans();
  assert.deepEqual(
    spans().map(({ name, startTime, endTime }) => [name, msOf(startTime), msOf(endTime)]),
    [
      ['job', 1_000, 9_500],
      ['preparing', 1_000, 3_000],
      ['running', 3_000, 9_000],
      ['deleting', 9_000, 9_500],
      ['task container', 3_000, 9_000],
    ],
  );
  for (const span of spans()) assert.equal(span.spanContext().traceId, job.id.replaceAll('-', ''));
  for (const part of parts) assert.equal(part.parentSpanContext?.spanId, whole?.spanContext().spanId);
  assert.equal(new Set(spans().map((span) => span.spanContext().spanId)).size, 5);
  assert.equal(whole?.attributes['task_runner.job.status'], 'succeeded');
});

test('a failure is told of the job, and of the phase in which it came', () => {
  const { tracer, spans } = tracing();
  const failure = { reason: 'OOMKilled', phase: 'running', message: 'out of memory', retryable: false } as const;
  const phaseTimes = { starting: 1_000, running: 2_000, deleting: 3_000 };
  tracer.ended(aJob({ status: 'failed', phase: 'ended', created: 1_000, stopTime: 3_000, failure, phaseTimes }));
  const failed = spans().filter(({ status }) => status.code === SpanStatusCode.ERROR);
  assert.deepEqual(
    failed.map(({ name, status }) => [name, status.message]),
    [
      ['job', 'out of memory'],
      ['running', 'out of memory'],
    ],
  );
  assert.equal(failed[0]?.attributes['error.type'], 'OOMKilled');
});

test('the request that another process answered is a part of the same trace', () => {
  const [api, worker] = [tracing(), tracing()];
  const job = aSucceededJob();
  api.tracer.part(job.id, { name: 'POST /batch/', startMs: 1, endMs: 2 });
  worker.tracer.ended(job);
  const [request] = api.spans();
  const [whole] = worker.spans();
  assert.equal(request?.spanContext().traceId, whole?.spanContext().traceId);
  assert.equal(request?.parentSpanContext?.spanId, whole?.spanContext().spanId);
});

test('nothing is told of a job that has not ended, and what is told twice is one', () => {
  const { tracer, spans } = tracing();
  tracer.ended(aJob({ status: 'running' }));
  assert.deepEqual(spans(), []);
  const job = aSucceededJob();
  tracer.ended(job);
  const once = spans().map((span) => span.spanContext().spanId);
  tracer.ended(job);
  assert.deepEqual(new Set(spans().map((span) => span.spanContext().spanId)), new Set(once));
});
