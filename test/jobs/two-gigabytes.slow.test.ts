import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JobPhase } from '../../workflows/contract.ts';
import { aName, logOf, shellJob, submit, until, untilEnded } from '../support/job-client.ts';
import { variants } from '../support/variants.ts';
import { assertWorldAfter } from '../support/world.ts';
import { zipOf } from '../support/zip-entries.ts';

variants('claims', 'one-pod', 'signed-urls');

/** What a transfer container says meanwhile. */
const PROGRESS: Partial<Record<JobPhase, RegExp>> = { downloading: /fetch|unpack/, uploading: /pack/ };

test('2 GB pass the transfer containers, whose memory is limited to 128 MiB', async () => {
  // The library that makes the zip takes a gigabyte a file at most.
  const content = Buffer.alloc(1024 ** 3 - 1);
  const zip = await zipOf({ first: { content }, second: { content } });
  const parameters = shellJob('cp /input/* /output && cat /output/* | wc -c');
  const { body } = await submit(aName('two-gigabytes'), parameters, zip);
  // Meanwhile it says how far it is. Of one of its containers it may not know: a node that is busy may tell only of its end.
  await until(body.data.id, ({ phase, explain = '' }) => PROGRESS[phase]?.test(explain) === true);
  const job = await untilEnded(body.data.id);
  assert.equal(job.status, 'succeeded', JSON.stringify(job));
  assert.equal((await logOf(job.id)).trim(), String(2 * content.length));
  assert.deepEqual([job.output?.files, job.output?.complete], [2, true]);
  await assertWorldAfter(job);
});
