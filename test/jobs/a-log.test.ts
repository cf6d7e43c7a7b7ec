import assert from 'node:assert/strict';
import { test } from 'node:test';
import { required } from '../support/environment.ts';
import { aName, shellJob, submit, until, untilEnded } from '../support/job-client.ts';

async function logOf(id: string, query: string): Promise<string> {
  return await (await fetch(`${required('API_URL')}/batch/${id}/logs${query}`)).text();
}

test('a log, or its end, is the same while the job runs and after it has ended', async () => {
  const script = 'seq 1 1000; printf unfinished; touch /output/said; sleep 5';
  const { body } = await submit(aName('log'), shellJob(script));
  const { id } = await until(body.data.id, ({ phase }) => phase === 'running');
  const whole = `${Array.from({ length: 1000 }, (_, index) => index + 1).join('\n')}\nunfinished`;
  const followed = logOf(id, '?follow=true&tail=2');
  while ((await logOf(id, '')) !== whole) await new Promise((resolve) => setTimeout(resolve, 200));
  assert.equal(await logOf(id, '?tail=3'), '999\n1000\nunfinished');

  assert.equal(await logOf(id, `?offset=${whole.length - 12}`), whole.slice(-12));

  await untilEnded(id);
  assert.equal(await logOf(id, `?offset=${whole.length - 12}`), whole.slice(-12));
  assert.equal(await logOf(id, ''), whole);
  assert.equal(await logOf(id, '?tail=3'), '999\n1000\nunfinished');
  assert.ok(whole.endsWith(await followed), 'who follows gets every line until the end');
});
