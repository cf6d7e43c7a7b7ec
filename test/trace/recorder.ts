import { context, trace } from '@opentelemetry/api';
import type { Span } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import type { Stretch } from './history-spans.ts';

/** Collects spans of things that are over. */
export interface Recorder extends AsyncDisposable {
  span(stretch: Stretch, parent?: Span): Span;
  spans(): readonly ReadableSpan[];
}

/** The exporter reads its address, and more, from the environment, as OpenTelemetry says. */
export function createRecorder(): Recorder {
  const memory = new InMemorySpanExporter();
  const isExported = process.env['OTEL_EXPORTER_OTLP_ENDPOINT'] !== undefined;
  const exporters = [memory, ...(isExported ? [new OTLPTraceExporter()] : [])];
  const provider = new BasicTracerProvider({
    spanProcessors: exporters.map((exporter) => new SimpleSpanProcessor(exporter)),
  });
  const tracer = provider.getTracer('kubernetes-task-runner');
  return {
    span({ name, startMs, endMs }, parent) {
      const within = parent ? trace.setSpan(context.active(), parent) : context.active();
      const span = tracer.startSpan(name, { startTime: hrTimeOf(startMs) }, within);
      span.end(hrTimeOf(endMs));
      return span;
    },
    spans: () => memory.getFinishedSpans(),
    async [Symbol.asyncDispose]() {
      await provider.forceFlush();
      await provider.shutdown();
    },
  };
}

/** A plain number would be taken for one since the start of the process when it is small. */
function hrTimeOf(ms: number): [seconds: number, nanoseconds: number] {
  return [Math.floor(ms / 1000), Math.round((ms % 1000) * 1e6)];
}
