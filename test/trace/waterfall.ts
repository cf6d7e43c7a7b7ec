import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';

/** Columns of the longest bar. */
const WIDTH = 60;

/**
 * The spans of one trace as a picture: each with the milliseconds from the beginning of the trace to its own, how long it lasted, and a bar
 * where it belongs. A span stands under its parent, and those of one parent in the order in which they began.
 */
export function waterfall(spans: readonly ReadableSpan[]): string {
  const [root] = spans.filter((span) => !span.parentSpanContext).toSorted(byStart);
  if (!root) return '';
  const startMs = startOf(root);
  const scale = WIDTH / Math.max(1, ...spans.map((span) => endOf(span) - startMs));
  return inOrder(spans, root, 0)
    .map(({ span, depth }) => line(span, depth, startMs, scale))
    .join('\n');
}

function line(span: ReadableSpan, depth: number, zeroMs: number, scale: number): string {
  const [offsetMs, lengthMs] = [startOf(span) - zeroMs, endOf(span) - startOf(span)];
  const name = `${'  '.repeat(depth)}${span.name}`.slice(0, 38).padEnd(38);
  const bar =
    ' '.repeat(Math.max(0, Math.floor(offsetMs * scale))) + '█'.repeat(Math.max(1, Math.round(lengthMs * scale)));
  return `${name} ${number(offsetMs)} ${number(lengthMs)}  ${bar}`;
}

function number(ms: number): string {
  return String(Math.round(ms)).padStart(7);
}

interface Placed {
  readonly span: ReadableSpan;
  readonly depth: number;
}

function inOrder(spans: readonly ReadableSpan[], span: ReadableSpan, depth: number): Placed[] {
  const children = spans.filter(({ parentSpanContext }) => parentSpanContext?.spanId === span.spanContext().spanId);
  return [{ span, depth }, ...children.toSorted(byStart).flatMap((child) => inOrder(spans, child, depth + 1))];
}

function byStart(a: ReadableSpan, b: ReadableSpan): number {
  return startOf(a) - startOf(b);
}

function startOf({ startTime }: ReadableSpan): number {
  return milliseconds(startTime);
}

function endOf({ endTime }: ReadableSpan): number {
  return milliseconds(endTime);
}

/** OpenTelemetry counts seconds and nanoseconds. */
function milliseconds([seconds, nanoseconds]: readonly [number, number]): number {
  return seconds * 1000 + nanoseconds / 1e6;
}
