import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { pidByName } from '../../deploy/local/processes.ts';
import { testProfile } from '../../deploy/local/profile.ts';
import { createProgress } from '../../deploy/local/progress.ts';
import { startStack } from '../../deploy/local/stack.ts';
import { entriesOf } from '../support/zip-entries.ts';
import { aName, downloadOutput, shellJob, submit, until, untilEnded } from '../support/job-client.ts';
import { assertWorldAfter } from '../support/world.ts';

const profile = testProfile(join(import.meta.dirname, '..', '..'));

test('a job outlives the worker: killed in the middle and started again, it runs its container once and succeeds', async () => {
  const { body } = await submit(aName('orphan'), shellJob('echo run >> /output/runs; sleep 5'));
  await until(body.data.id, ({ phase }) => phase === 'running');
  const pid = await pidByName(profile, 'worker');
  assert.ok(pid);
  process.kill(-pid, 'SIGKILL');
  // As the ring has started it, or the API would be started anew as well, under all other tests.
  const programEnvironment = JSON.parse(process.env['TEST_SETTINGS'] ?? '{}') as Readonly<Record<string, string>>;
  await startStack(
    profile,
    createProgress(() => undefined),
    { programEnvironment },
  );

  const end = await untilEnded(body.data.id);
  assert.equal(end.status, 'succeeded', JSON.stringify(end));
  const output = await entriesOf(await downloadOutput(end));
  assert.equal(output['runs']?.content, 'run\n');
  await assertWorldAfter(end);
});
