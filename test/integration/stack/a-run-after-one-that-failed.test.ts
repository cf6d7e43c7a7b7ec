import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { startProcess } from '../../../deploy/local/processes.ts';
import type { Profile } from '../../../deploy/local/profile.ts';
import { forgetStopped } from '../../runner/test-stack.ts';
import { temporaryProfile } from '../../support/temporary-stack.ts';

/** A file as a server keeps it. */
async function writeState({ stateFolder }: Profile): Promise<string> {
  const file = join(stateFolder, 'temporal.sqlite');
  await mkdir(stateFolder, { recursive: true });
  await writeFile(file, 'open workflows');
  return file;
}

test('a run starts without the state of servers that were stopped', async (context) => {
  const profile = await temporaryProfile(context);
  const file = await writeState(profile);
  await forgetStopped(profile);
  assert.ok(!existsSync(file));
});

test('a run leaves servers alone that were kept', async (context) => {
  const profile = await temporaryProfile(context);
  const file = await writeState(profile);
  await startProcess(profile, { name: 'temporal', command: 'sleep', args: ['600'] });
  await forgetStopped(profile);
  assert.ok(existsSync(file));
});
