/** A trace of each job, for who collects traces by OpenTelemetry: its id is that of the job, without the dashes. */
import { createHash } from 'node:crypto';
import { context, SpanStatusCode, trace, TraceFlags } from '@opentelemetry/api';
import type { Attributes, Context } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import type { SpanProcessor } from '@opentelemetry/sdk-trace-base';
import { isFinal } from './workflows/contract.ts';
import type { Job } from './workflows/contract.ts';
import { spansOf } from './workflows/spans.ts';

/** Something that took its time. Times are epoch milliseconds. */
export interface Stretch {
  readonly name: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly attributes?: Attributes;
  /** Why it failed; absent when it did not. */
  readonly error?: string | undefined;
}

/** Tells of jobs. Nothing waits for it, and what cannot be sent is dropped. */
export interface JobTracer {
  /** An ended job: all of it, its phases, and the attempts before the last. Others are not told of. */
  ended(job: Job): void;
  /** Something of a job, as a part of its trace. */
  part(jobId: string, stretch: Stretch): void;
  /** Sends what has not been sent. */
  close(): Promise<void>;
}

/** Sends traces to where OpenTelemetry's own variables say. */
export function createJobTracer(
  serviceName: string,
  processor: SpanProcessor = new BatchSpanProcessor(new OTLPTraceExporter()),
): JobTracer {
  let [traceId, spanId] = ['', ''];
  const provider = new BasicTracerProvider({
    resource: resourceFromAttributes({ 'service.name': serviceName }),
    idGenerator: { generateTraceId: () => traceId, generateSpanId: () => spanId },
    spanProcessors: [processor],
  });
  const tracer = provider.getTracer('kubernetes-task-runner');

  function tell(jobId: string, within: Context, stretch: Stretch, id = spanIdOf(jobId, stretch)): void {
    [traceId, spanId] = [traceIdOf(jobId), id];
    const { name, startMs, endMs, attributes = {}, error } = stretch;
    const span = tracer.startSpan(name, { startTime: new Date(startMs), attributes }, within);
    if (error !== undefined) span.setStatus({ code: SpanStatusCode.ERROR, message: error });
    span.end(new Date(endMs));
  }

  return {
    ended(job) {
      if (!isFinal(job.status)) return;
      tell(job.id, context.active(), wholeOf(job), rootIdOf(job.id));
      for (const stretch of partsOf(job)) tell(job.id, withinJob(job.id), stretch);
    },
    part: (jobId, stretch) => tell(jobId, withinJob(jobId), stretch),
    close: () => provider.shutdown(),
  };
}

function wholeOf(job: Job): Stretch {
  const { id, name, status, failure, exitCode, created, stopTime = created, parameters } = job;
  const endMs = job.releasedTime ?? stopTime;
  const attributes = {
    'task_runner.job.id': id,
    'task_runner.job.name': name,
    'task_runner.job.status': status,
    'container.image.name': parameters.docker_image,
    ...(failure && { 'error.type': failure.reason }),
    ...(exitCode !== undefined && { 'process.exit.code': exitCode }),
  };
  return { name: 'job', startMs: created, endMs, attributes, error: failure?.message };
}

/** Its phases, the container of its task by the clock of the cluster, and the attempts before the last. */
function partsOf(job: Job): readonly Stretch[] {
  const { phaseTimes = {}, created, startTime, stopTime = created, attempts = [], failure } = job;
  const phases = spansOf(phaseTimes, job.releasedTime ?? stopTime);
  return [
    ...attempts.map((attempt, index) => ({
      name: `attempt ${index + 1}`,
      startMs: attempt.startTime ?? created,
      endMs: attempt.stopTime ?? attempt.startTime ?? created,
      error: attempt.failure.message,
    })),
    ...phases.map(({ phase, fromMs, toMs }) => ({
      name: phase,
      startMs: fromMs,
      endMs: toMs,
      error: failure?.phase === phase ? failure.message : undefined,
    })),
    ...(startTime === undefined ? [] : [{ name: 'task container', startMs: startTime, endMs: stopTime }]),
  ];
}

/** The same in each process, and each time: what is told twice is one. */
function withinJob(jobId: string): Context {
  const ids = { traceId: traceIdOf(jobId), spanId: rootIdOf(jobId) };
  return trace.setSpanContext(context.active(), { ...ids, traceFlags: TraceFlags.SAMPLED, isRemote: true });
}

function traceIdOf(jobId: string): string {
  return jobId.replaceAll('-', '');
}

function rootIdOf(jobId: string): string {
  return hashOf(jobId);
}

function spanIdOf(jobId: string, { name, startMs }: Stretch): string {
  return hashOf(`${jobId} ${name} ${startMs}`);
}

/** Sixteen hexadecimal digits, as the id of a span has. */
function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
