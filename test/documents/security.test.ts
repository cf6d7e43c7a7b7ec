import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runCommandsOf } from '../support/documented-commands.ts';
import { runTool } from '../support/tools.ts';

test('the commands of the document about security run as they stand there', async (context) => {
  // Where one command changes the namespace of the jobs, another one further down has made it.
  await runTool('kubectl', 'apply', '--filename', 'deploy/kubernetes');
  context.after(() => runTool('kubectl', 'delete', '--filename', 'deploy/kubernetes', '--wait=false'));
  const said = await runCommandsOf('docs/security.md');
  assert.match(said, /alice/);
});
