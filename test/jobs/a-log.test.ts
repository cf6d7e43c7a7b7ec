import assert from 'node:assert/strict';
import { test } from 'node:test';
import { required } from '../support/environment.ts';
import { gated, openGate, runUntilRunning } from '../support/gated-job.ts';
import { aName, shellJob, untilEnded } from '../support/job-client.ts';
import { variants } from '../support/variants.ts';

variants('claims', 'one-pod');

async function logOf(id: string, query: string): Promise<string> {
  return await (await fetch(`${required('API_URL')}/batch/${id}/logs${query}`)).text();
}

const LINES = Array.from({ length: 1000 }, (_, index) => `${index + 1}\n`).join('');

/** The node delivers a line when it is complete, or when the container ends. */
const UNFINISHED = 'unfinished';

test('a log, or its end, is the same while the job runs and after it has ended', async () => {
  const job = await runUntilRunning(aName('log'), shellJob(gated(`seq 1 1000; printf ${UNFINISHED}`)));
  const { id } = job;
  const followed = logOf(id, '?follow=true&tail=2');
  while ((await logOf(id, '')) !== LINES) await new Promise((resolve) => setTimeout(resolve, 200));
  assert.equal(await logOf(id, '?tail=3'), '998\n999\n1000\n');
  assert.equal(await logOf(id, `?offset=${LINES.length - 12}`), LINES.slice(-12));

  await openGate(job);
  await untilEnded(id);
  const whole = `${LINES}${UNFINISHED}`;
  assert.equal(await logOf(id, ''), whole);
  assert.equal(await logOf(id, '?tail=3'), `999\n1000\n${UNFINISHED}`);
  assert.equal(await logOf(id, `?offset=${LINES.length - 12}`), whole.slice(LINES.length - 12));
  assert.ok(whole.endsWith(await followed), 'a client that follows gets every line until the end');
});
