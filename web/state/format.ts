/** Times and sizes as people read them. */
import prettyBytes from 'pretty-bytes';
import prettyMilliseconds from 'pretty-ms';

/** `1m 20s`. */
export function duration(durationMs: number): string {
  return prettyMilliseconds(Math.max(0, durationMs), { unitCount: 2, secondsDecimalDigits: 0 });
}

/** `1.2 MB`. */
export function size(sizeBytes: number): string {
  return prettyBytes(sizeBytes);
}

/** Date and time as it is usual here. */
export function moment(timeMs: number): string {
  return new Date(timeMs).toLocaleString();
}

/** `1 file`, `20 files`. */
export function filesText(count: number): string {
  return count === 1 ? '1 file' : `${count} files`;
}
