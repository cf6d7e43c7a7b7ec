import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { V1ContainerState, V1Pod } from '@kubernetes/client-node';
import { formatTransferReport } from '../../../transfer/report.ts';
import { isOnePod, refOf } from '../../../workflows/observation.ts';
import { uploadReportIn } from '../../bench/bare-one-pod.ts';
import { inOnePod } from '../../bench/in-one-pod.ts';
import { aRequest, ended, running } from '../../support/objects.ts';

const REPORT = { ok: true, object: 'attempts/words/1.zip', sizeBytes: 7, crc32c: 'AAAAAA==', files: 1 } as const;

test('what was uploaded is read from the end of the upload alone, not from that of the download before it', () => {
  const left = ended(0, { message: formatTransferReport(REPORT) });
  assert.equal(uploadReportIn([]), undefined);
  assert.equal(uploadReportIn([aPodWith(left, running)]), undefined);
  assert.deepEqual(uploadReportIn([aPodWith(left, left)]), REPORT);
});

test('the ordinary job in one pod is the same job but for where it keeps its files', () => {
  const parameters = { docker_image: 'words', storage: { size: '2Gi' } };
  const changed = inOnePod(parameters);
  assert.deepEqual(changed, { ...parameters, storage: { size: '2Gi', mode: 'ephemeral' } });
  assert.deepEqual(
    [parameters, changed].map((each) => isOnePod(refOf(aRequest({ parameters: each })))),
    [false, true],
  );
});

function aPodWith(input: V1ContainerState, cleanup: V1ContainerState): V1Pod {
  const status = (name: string, state: V1ContainerState) => ({
    ...{ name, state, image: 'transfer', imageID: '', ready: false, restartCount: 0 },
  });
  return {
    status: { initContainerStatuses: [status('input', input)], containerStatuses: [status('cleanup', cleanup)] },
  };
}
