import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, test } from 'node:test';
import { logObjectOf } from '../../bucket/objects.ts';
import { required } from '../support/environment.ts';
import { aName, shellJob, submit, until, untilEnded } from '../support/job-client.ts';
import { assertWorldAfter, testBucket } from '../support/world.ts';

const LINES_A_SECOND = 5_000;
const SECONDS = 25;
const LINES = LINES_A_SECOND * SECONDS;
const PADDING = 'x'.repeat(240);

/** Says more than two times what a node keeps of a log: it is rotated away from 10 MiB on, which is looked after each 10 s. */
const SCRIPT = `awk 'BEGIN { for (i = 1; i <= ${LINES}; i++) {
  print i " ${PADDING}"; if (i % ${LINES_A_SECOND} == 0) system("sleep 1") } }'`;

function expectedDigest(): string {
  const hash = createHash('sha256');
  for (let line = 1; line <= LINES; line++) hash.update(`${line} ${PADDING}\n`);
  return hash.digest('hex');
}

/** Reads a log to its end, and says how it was: by its digest, its lines and where it ends. */
async function digestOf(id: string, query: string): Promise<{ digest: string; lines: number; end: string }> {
  const response = await fetch(`${required('API_URL')}/batch/${id}/logs${query}`);
  assert.equal(response.status, 200);
  const hash = createHash('sha256');
  let lines = 0;
  let end = '';
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    hash.update(chunk);
    const text = Buffer.from(chunk).toString('latin1');
    lines += text.split('\n').length - 1;
    end = (end + text).slice(-250);
  }
  return { digest: hash.digest('hex'), lines, end };
}

describe('a log that is longer than a node keeps', () => {
  test('is whole for who follows it from the start, and for who reads it after the end', async () => {
    const { body } = await submit(aName('long-log'), shellJob(SCRIPT));
    const { id, name } = await until(body.data.id, ({ phase }) => phase === 'running');
    const followed = digestOf(id, '?follow=true');
    const job = await untilEnded(id);
    assert.equal(job.status, 'succeeded', JSON.stringify(job));
    const kept = await digestOf(id, '');
    const wanted = { digest: expectedDigest(), lines: LINES };
    assert.deepEqual({ digest: kept.digest, lines: kept.lines }, wanted, `kept, ends with ${kept.end}`);
    const heard = await followed;
    assert.deepEqual({ digest: heard.digest, lines: heard.lines }, wanted, `followed, ends with ${heard.end}`);
    await assertWorldAfter(job);
    assert.deepEqual(await testBucket().list(`logs/${name}/`), [logObjectOf(name, 'cleanup')], 'no piece is left');
  });
});
