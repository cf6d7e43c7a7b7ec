import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runCommandsOf } from '../support/documented-commands.ts';

test('the commands of the README run as they stand there, and show what it says', async () => {
  const said = await runCommandsOf('README.md');
  assert.match(said, /10 \/input\/hamlet\.txt/, 'the log of the first job with curl');
  assert.match(said, /words\.txt .*\d+/, 'the files of its output');
  assert.match(said, /"status":"killed"/, 'a job that is killed by HTTP');
  assert.match(said, /event: job/, 'the events of a job');
});
