import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { markedProcesses } from '../../deploy/local/processes.ts';
import { endAll } from '../../deploy/local/proc.ts';
import { testProfile } from '../../deploy/local/profile.ts';
import type { Profile } from '../../deploy/local/profile.ts';

/** A folder that is gone when the test ends. */
export async function temporaryFolder(context: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'stack-'));
  context.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A profile in a folder of its own; when the test ends, nothing that was started under it runs. */
export async function temporaryProfile(context: TestContext): Promise<Profile> {
  const profile = testProfile(await temporaryFolder(context));
  context.after(async () => endAll(await markedProcesses(profile), 0));
  return profile;
}
