import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aName, call, logOf, shellJob, submit, until } from '../support/job-client.ts';
import { assertWorldAfter, clusterObjectsOf } from '../support/world.ts';
import { zipOf } from '../support/zip-entries.ts';

test('the log of a killed job is there after its pod is gone, to the last word', async () => {
  const script = 'echo first; trap "echo last; exit 1" TERM; sleep 600 & wait';
  const { body } = await submit(aName('last-words'), shellJob(script), await zipOf({ a: { content: 'a' } }));
  const { id } = await until(body.data.id, ({ phase }) => phase === 'running');
  const { body: killed } = await call('DELETE', `/batch/${id}`);
  assert.equal(killed.data.status, 'killed');
  assert.deepEqual(await clusterObjectsOf(killed.data), []);
  assert.equal(await logOf(id), 'first\nlast\n');
  assert.match(await logOf(id, '?container=input'), /unpacked 1 file/);
  await assertWorldAfter(killed.data);
});
