import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { run, succeeds } from '../../../deploy/local/command.ts';
import { makeCgroups } from '../../../deploy/local/leftovers.ts';
import { makeBridge } from '../../../deploy/local/network.ts';
import { allGone } from '../../../deploy/local/proc.ts';
import { startProcess } from '../../../deploy/local/processes.ts';
import type { Profile } from '../../../deploy/local/profile.ts';
import { stopStack } from '../../../deploy/local/stack.ts';
import { temporaryProfile } from '../../support/temporary-stack.ts';

/** A stack that was never started, on a network that nothing else uses. */
async function scratchProfile(context: TestContext): Promise<Profile> {
  const profile = await temporaryProfile(context);
  const bridge = { ...profile.bridge, address: '10.254.253.1', subnet: '10.254.253.0/24' };
  return { ...profile, bridge };
}

/** A process that only its cgroup tells from others, as the containers of a killed stack are. */
async function startPod(context: TestContext, profile: Profile): Promise<number> {
  const child = spawn('sleep', ['600'], { stdio: 'ignore' });
  context.after(() => child.kill('SIGKILL'));
  for (const root of await cgroupsOf(profile)) {
    const pod = join(root, 'pod');
    await mkdir(pod);
    // A cpuset takes no process before it has CPUs; the others will do.
    await writeFile(join(pod, 'cgroup.procs'), `${child.pid}`).catch(() => undefined);
  }
  return child.pid ?? 0;
}

async function cgroupsOf({ cgroupRoot }: Profile): Promise<string[]> {
  const mounts = (await readFile('/proc/mounts', 'utf8')).split('\n').map((line) => line.split(' '));
  const roots = mounts.filter(([, , type]) => type === 'cgroup' || type === 'cgroup2').map(([, path = '']) => path);
  return roots.map((path) => join(path, cgroupRoot)).filter((path) => existsSync(path));
}

/** A folder with a mount on it, whose name has a blank. */
async function mountBelow(folder: string): Promise<void> {
  const target = join(folder, 'a mount');
  await mkdir(target, { recursive: true });
  await run('mount', ['-t', 'tmpfs', 'tmpfs', target]);
}

async function mountsBelow(folder: string): Promise<string[]> {
  return (await readFile('/proc/mounts', 'utf8')).split('\n').filter((line) => line.includes(` ${folder}/`));
}

test('stopping leaves no process, mount, bridge or cgroup of a stack that was killed', async (context) => {
  const profile = await scratchProfile(context);
  await Promise.all([makeBridge(profile), makeCgroups(profile)]);
  await startProcess(profile, { name: 'lost', command: 'sleep', args: ['600'] });
  const pod = await startPod(context, profile);
  await mountBelow(profile.stateFolder);
  await mountBelow(profile.runFolder);
  assert.ok((await cgroupsOf(profile)).length > 0);
  assert.equal((await mountsBelow(profile.stateFolder)).length, 1);

  await stopStack(profile);

  assert.ok(await allGone([pod], 0));
  assert.deepEqual(await cgroupsOf(profile), []);
  assert.deepEqual([...(await mountsBelow(profile.stateFolder)), ...(await mountsBelow(profile.runFolder))], []);
  assert.ok(!(await succeeds('ip', ['link', 'show', profile.bridge.name])));
  assert.ok(!existsSync(profile.runFolder));
});

test('stopping twice is no error', async (context) => {
  const profile = await scratchProfile(context);
  await stopStack(profile);
  await stopStack(profile);
});

test('an address that another checkout holds is one sentence that names its interface', async (context) => {
  const [one, two] = [await scratchProfile(context), await scratchProfile(context)];
  context.after(() => stopStack(one));
  await makeBridge(one);
  await startProcess(one, { name: 'running', command: 'sleep', args: ['600'] });
  await assert.rejects(makeBridge(two), {
    message: new RegExp(`held by the interface ${one.bridge.name}: .*make down`),
  });
});

test('an address that a killed stack of another checkout has left is taken', async (context) => {
  const [one, two] = [await scratchProfile(context), await scratchProfile(context)];
  context.after(() => Promise.all([stopStack(one), stopStack(two)]));
  await makeBridge(one);
  await makeBridge(two);
  assert.ok(!(await succeeds('ip', ['link', 'show', one.bridge.name])));
  assert.ok(await succeeds('ip', ['link', 'show', two.bridge.name]));
});
