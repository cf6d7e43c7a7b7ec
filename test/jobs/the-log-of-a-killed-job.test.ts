import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aName, call, logOf, shellJob, submit, until } from '../support/job-client.ts';
import { variants } from '../support/variants.ts';
import { assertWorldAfter, clusterObjectsOf } from '../support/world.ts';
import { zipOf } from '../support/zip-entries.ts';

variants('claims', 'one-pod');

test('the log of a killed job is there after its pod is gone, to the last word', async () => {
  const script = 'trap "echo last; exit 1" TERM; echo first; sleep 600 & wait';
  const { body } = await submit(aName('last-words'), shellJob(script), await zipOf({ a: { content: 'a' } }));
  const { id } = await until(
    body.data.id,
    async ({ id, phase }) => phase === 'running' && (await logOf(id)) === 'first\n',
  );
  const { body: killed } = await call('DELETE', `/batch/${id}`);
  assert.equal(killed.data.status, 'killed');
  assert.deepEqual(await clusterObjectsOf(killed.data), []);
  assert.equal(await logOf(id), 'first\nlast\n');
  assert.match(await logOf(id, '?container=input'), /unpacked 1 file/);
  await assertWorldAfter(killed.data);
});
