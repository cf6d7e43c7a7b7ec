import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runCommandsOf } from '../support/documented-commands.ts';

test('the commands of the document about operating run as they stand there', async () => {
  const said = await runCommandsOf('docs/operating.md');
  assert.match(said, /kubernetes_task_runner_watcher_leader 1/);
});
