import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { allGone } from '../../../deploy/local/proc.ts';
import {
  killMarked,
  lastLog,
  markedProcesses,
  pidByName,
  runningPid,
  startProcess,
  stopProcess,
} from '../../../deploy/local/processes.ts';
import type { ProcessSpec } from '../../../deploy/local/processes.ts';
import type { Profile } from '../../../deploy/local/profile.ts';
import { becomesTrue } from '../../../deploy/local/ready.ts';
import { temporaryProfile } from '../../support/temporary-stack.ts';

const program = (script: string): ProcessSpec => ({ name: 'program', command: 'sh', args: ['-c', script] });

async function startAndSay(profile: Profile, spec: ProcessSpec): Promise<number> {
  await startProcess(profile, spec);
  assert.ok(await becomesTrue(async () => (await lastLog(profile, spec.name)).includes('here'), 10_000));
  const pid = await pidByName(profile, spec.name);
  assert.ok(pid !== undefined);
  return pid;
}

test('a program is known to run, until it is stopped with its children', async (context) => {
  const profile = await temporaryProfile(context);
  const spec = program('sleep 600 & echo here; wait');
  const pid = await startAndSay(profile, spec);
  assert.equal(await runningPid(profile, spec), pid);
  const family = await markedProcesses(profile);
  assert.equal(family.length, 2);
  await stopProcess(profile, spec.name, 5_000);
  assert.equal(await runningPid(profile, spec), undefined);
  assert.ok(await allGone(family, 0));
});

test('a program that does not heed the signal is ended', async (context) => {
  const profile = await temporaryProfile(context);
  const spec = program("trap '' TERM; echo here; sleep 600 & wait; sleep 600");
  await startAndSay(profile, spec);
  const family = await markedProcesses(profile);
  await stopProcess(profile, spec.name, 100);
  assert.ok(await allGone(family, 0));
});

test('a program with another command line counts as not running', async (context) => {
  const profile = await temporaryProfile(context);
  await startAndSay(profile, program('echo here; exec sleep 600'));
  assert.equal(await runningPid(profile, program('echo here; exec sleep 601')), undefined);
});

test('a pid that now belongs to another program is left alone', async (context) => {
  const profile = await temporaryProfile(context);
  const spec = program('echo here; exec sleep 600');
  const pid = await startAndSay(profile, spec);
  const record = join(profile.stateFolder, 'run', 'program.json');
  const text = await readFile(record, 'utf8');
  // The record of a program that ended long ago, and whose pid was given away.
  await writeFile(record, text.replace(/"startTicks":"\d+"/, '"startTicks":"9999999999"'));
  assert.equal(await pidByName(profile, spec.name), undefined);
  await stopProcess(profile, spec.name, 100);
  assert.ok(!(await allGone([pid], 0)));
});

test('what lost its record is still found by its mark', async (context) => {
  const profile = await temporaryProfile(context);
  const pid = await startAndSay(profile, program('echo here; exec sleep 600'));
  await killMarked(profile);
  assert.ok(await allGone([pid], 0));
});

test('stopping what was never started is no error', async (context) => {
  await stopProcess(await temporaryProfile(context), 'program', 100);
});

test('a program that cannot be started is an error that names it', async (context) => {
  const profile = await temporaryProfile(context);
  await assert.rejects(startProcess(profile, { name: 'program', command: '/no/such/program', args: [] }), /no.such/);
});
