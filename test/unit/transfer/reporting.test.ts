import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { formatTransferReport, parseTransferLog, parseTransferReport } from '../../../transfer/report.ts';
import type { TransferReport } from '../../../transfer/report.ts';
import { FAILURE_REASONS } from '../../../workflows/failure-reasons.ts';

fc.configureGlobal({ seed: 20_240_229 });

const success: fc.Arbitrary<TransferReport> = fc.record(
  {
    ok: fc.constant(true as const),
    object: fc.string({ maxLength: 200 }),
    sizeBytes: fc.maxSafeNat(),
    crc32c: fc.base64String({ minLength: 8, maxLength: 8 }),
    files: fc.nat(),
    skipped: fc.nat(),
    unreadable: fc.record(
      { count: fc.nat(), message: fc.string({ unit: 'binary', maxLength: 300 }) },
      { noNullPrototype: true },
    ),
  },
  { requiredKeys: ['ok', 'object', 'sizeBytes', 'crc32c', 'files'], noNullPrototype: true },
);
const failure: fc.Arbitrary<TransferReport> = fc.record(
  {
    ok: fc.constant(false as const),
    reason: fc.constantFrom(...FAILURE_REASONS),
    message: fc.string({ unit: 'binary', maxLength: 300 }),
    unreadableOwnerUid: fc.nat(),
  },
  { requiredKeys: ['ok', 'reason', 'message'], noNullPrototype: true },
);

test('what one side writes the other side reads', () => {
  fc.assert(
    fc.property(fc.oneof(success, failure), (report) => {
      const text = formatTransferReport(report);
      assert.equal(text.indexOf('\n'), text.length - 1);
      assert.deepEqual({ ...parseTransferReport(text) }, { ...report });
    }),
  );
});

test('a report never takes more than Kubernetes keeps, and says as much as it can', () => {
  for (const character of ['x', 'ü', '🦊', '"', '\0', '\ud800']) {
    const message = character.repeat(10_000);
    const text = formatTransferReport({ ok: false, reason: 'InputInvalid', message });
    const bytes = Buffer.byteLength(text);
    assert.ok(bytes <= 4096 && bytes > 4000, `${bytes} bytes of ${character}`);
    assert.equal(parseTransferReport(text)?.ok, false);
  }
});

test('a success tells what the transfer has said, if Kubernetes keeps so much', () => {
  const report = { ok: true as const, object: 'o', sizeBytes: 1, crc32c: 'AAAAAA==', files: 1 };
  for (const log of ['', 'fetching "o"\nunpacked 1 file, ü, {"ok":false}\n', 'x'.repeat(3_900)]) {
    const text = formatTransferReport(report, log);
    assert.deepEqual([parseTransferLog(text), parseTransferReport(text)], [log, report]);
  }
  for (const log of ['x'.repeat(4_096), '"'.repeat(2_048), 'ü'.repeat(2_048)])
    assert.equal(formatTransferReport(report, log), formatTransferReport(report));
});

test('what has not told its log is not taken for silent', () => {
  const failed = formatTransferReport({ ok: false, reason: 'DiskFull', message: 'm' }, 'said\n');
  for (const text of [failed, '', 'Killed', '{"log":"said"}', '{"ok":true,"log":"said"}'])
    assert.equal(parseTransferLog(text), undefined, text);
});

test('a report is found after other lines', () => {
  const text = `fetching\n{"level":30}\n${formatTransferReport({ ok: false, reason: 'DiskFull', message: 'm' })}\n`;
  assert.deepEqual(parseTransferReport(text), { ok: false, reason: 'DiskFull', message: 'm' });
});

for (const text of [
  '',
  'Killed',
  '{',
  'null',
  '[]',
  '{"ok":true}',
  '{"ok":false,"reason":"NoSuchReason","message":"m"}',
  '{"ok":true,"object":"o","sizeBytes":-1,"crc32c":"c","files":1}',
  '{"ok":true,"object":"o","sizeBytes":1,"crc32c":"c","files":"1"}',
]) {
  test(`${JSON.stringify(text)} is no report`, () => assert.equal(parseTransferReport(text), undefined));
}
