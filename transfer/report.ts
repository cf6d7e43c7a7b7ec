import { FAILURE_REASONS } from '../workflows/failure-reasons.ts';
import type { FailureReason } from '../workflows/failure-reasons.ts';

/** The transfer is done: `object` holds, or held, these bytes, and the zip has this many files and folders. */
export interface TransferSuccess {
  readonly ok: true;
  readonly object: string;
  readonly sizeBytes: number;
  readonly crc32c: string;
  readonly files: number;
  /** How many links that lead out of an output, and special files, were left out; absent when there are none. */
  readonly skipped?: number;
  /** What was left out of an output, as it may not be read; absent when that is nothing. */
  readonly unreadable?: Unreadable;
}

/** Files and folders that may not be read. */
export interface Unreadable {
  readonly count: number;
  /** Names the first of them, and its owner. */
  readonly message: string;
}

/** The transfer failed. */
interface TransferFailure {
  readonly ok: false;
  readonly reason: FailureReason;
  readonly message: string;
  /** Owner of a file in the output that the transfer may not read. */
  readonly unreadableOwnerUid?: number;
}

/** What a transfer leaves as its container's termination message. */
export type TransferReport = TransferSuccess | TransferFailure;

/** Kubernetes keeps this much of a termination message. */
const MAX_REPORT_BYTES = 4096;

/**
 * The report as one line of JSON of at most 4096 bytes; a message that is too long loses its end.
 *
 * @param log all that the container has said: part of the report of a success if there is room, so that nobody need ask for it
 */
export function formatTransferReport(report: TransferReport, log?: string): string {
  if (report.ok && log !== undefined) {
    const told = `${JSON.stringify({ ...report, log })}\n`;
    if (Buffer.byteLength(told) <= MAX_REPORT_BYTES) return told;
  }
  const line = `${JSON.stringify(report)}\n`;
  const excessBytes = Buffer.byteLength(line) - MAX_REPORT_BYTES;
  if (excessBytes <= 0 || report.ok || report.message === '') return line;
  // An escaped character takes up to six bytes: cutting by sixths never cuts much more than needed.
  const keptChars = Math.max(0, report.message.length - Math.ceil(excessBytes / 6) - 1);
  return formatTransferReport({ ...report, message: report.message.slice(0, keptChars) });
}

/** Reads a termination message. Undefined when the transfer left none: killed, or not ours. */
export function parseTransferReport(text: string): TransferReport | undefined {
  return lastIn(text, (value) => successIn(value) ?? failureIn(value));
}

/** Reads from a termination message all that a transfer has said. Undefined when it failed, or there was no room for it. */
export function parseTransferLog(text: string): string | undefined {
  const { log } = lastIn(text, (value) => (successIn(value) ?? failureIn(value)) && value) ?? {};
  return typeof log === 'string' ? log : undefined;
}

/** What `read` makes of the last line of JSON of which it makes anything. */
function lastIn<T>(text: string, read: (value: Record<string, unknown>) => T | undefined): T | undefined {
  for (const line of text.split('\n').reverse()) {
    const value = objectIn(line);
    const found = value && read(value);
    if (found !== undefined) return found;
  }
  return undefined;
}

function objectIn(line: string): Record<string, unknown> | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    return JSON.parse(line) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

function successIn(value: Record<string, unknown>): TransferSuccess | undefined {
  const { ok, object, sizeBytes, crc32c, files, skipped } = value;
  if (ok !== true || typeof object !== 'string' || typeof crc32c !== 'string') return undefined;
  if (!isCount(sizeBytes) || !isCount(files)) return undefined;
  return { ok, object, sizeBytes, crc32c, files, ...(isCount(skipped) && { skipped }), ...unreadableIn(value) };
}

function unreadableIn({ unreadable }: Record<string, unknown>): Pick<TransferSuccess, 'unreadable'> {
  const { count, message } = (unreadable ?? {}) as Record<string, unknown>;
  return isCount(count) && typeof message === 'string' ? { unreadable: { count, message } } : {};
}

function failureIn(value: Record<string, unknown>): TransferFailure | undefined {
  const { ok, reason, message, unreadableOwnerUid } = value;
  if (ok !== false || typeof message !== 'string' || !isReason(reason)) return undefined;
  return { ok, reason, message, ...(isCount(unreadableOwnerUid) ? { unreadableOwnerUid } : {}) };
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

function isReason(value: unknown): value is FailureReason {
  return (FAILURE_REASONS as readonly unknown[]).includes(value);
}
